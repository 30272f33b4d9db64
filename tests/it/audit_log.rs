//! The log of what was done with the hub.

use crate::support::PUBLISHED;
use crate::support::Workplace;
use crate::support::source;
use std::os::unix::fs::PermissionsExt;

const DAMAGED: i32 = 10;

fn workplace() -> Workplace {
    let workplace = Workplace::new();
    let security = "[security]\nlog_key = \"log.key\"\nlog_anchor = \"anchor.txt\"\n";
    workplace.write(
        "guiyi.toml",
        format!("language = \"en\"\n{security}{}", source("华东", "east.csv")),
    );
    let rows = (0..30).map(|at| {
        format!(
            "K{at},启明{at}号商贸有限公司,138{:08}\n",
            at * 7_919_791 % 100_000_000
        )
    });
    workplace.write(
        "east.csv",
        format!("编号,客户名称,电话\n{}", rows.collect::<String>()),
    );
    workplace.write("log.key", "k".repeat(32));
    let key = workplace.path().join("log.key");
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
    workplace
}

#[test]
fn r18_what_is_done_leaves_a_line_and_no_value_of_a_record() {
    let workplace = workplace();
    workplace.run(PUBLISHED);
    let word = ["--reason", "电话核实", "--author", "王芳"];
    workplace
        .guiyi(&[&["decide", "part", "华东:K1", "华东:K2"], &word[..]].concat())
        .expect(PUBLISHED);
    workplace.run(PUBLISHED);
    workplace
        .guiyi(&["export", "--role", "sales", "--source", "华东", "--to", "out"])
        .expect(PUBLISHED);
    workplace
        .guiyi(&[&["rollback", "1"], &word[..]].concat())
        .expect(PUBLISHED);
    std::fs::remove_file(workplace.path().join("east.csv")).unwrap();
    workplace.run(5);
    let shown = workplace
        .guiyi(&["log", "show", "--json"])
        .expect(PUBLISHED)
        .stdout;
    let events: Vec<String> = shown
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["event"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        events,
        [
            "run_published",
            "decided",
            "run_published",
            "exported",
            "rollback",
            "run_failed"
        ]
    );
    assert!(shown.contains("王芳") && shown.contains("sales"));
    for value in ["启明", "13807919791", "电话核实"] {
        assert!(!shown.contains(value), "{value} in {shown}");
    }
    let told = workplace.guiyi(&["log", "verify"]).expect(PUBLISHED).stdout;
    assert_eq!(told.trim(), "6 lines, each as it was written");
    let mode = |name: &str| {
        std::fs::metadata(workplace.path().join(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("hub/audit.log") & 0o777, 0o600);
    assert_eq!(mode("anchor.txt") & 0o777, 0o600);
}

#[test]
fn r18_an_edited_or_shortened_log_is_damage() {
    let workplace = workplace();
    workplace.run(PUBLISHED);
    workplace.run(PUBLISHED);
    let text = workplace.read_text("hub/audit.log");
    workplace.write("hub/audit.log", text.replacen("run_published", "run_refused", 1));
    assert!(
        workplace
            .guiyi(&["log", "verify"])
            .expect(DAMAGED)
            .stderr
            .contains("line 1")
    );
    assert!(
        workplace
            .guiyi(&["verify"])
            .expect(DAMAGED)
            .stdout
            .contains("audit.log")
    );
    let first = text.lines().next().unwrap();
    workplace.write("hub/audit.log", format!("{first}\n"));
    workplace.guiyi(&["log", "verify"]).expect(DAMAGED);
    workplace.write("hub/audit.log", &text);
    workplace.guiyi(&["log", "verify"]).expect(PUBLISHED);
}
