#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| guiyi_fuzz::field("wechat", data));
