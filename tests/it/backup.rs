//! `guiyi backup` and `guiyi restore`: what comes back is what was there (operations.md B22).

use crate::crash::THIRD_NIGHT;
use crate::crash::bytes;
use crate::crash::copy;
use crate::crash::number;
use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::guiyi_in;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

#[test]
fn b22_a_restored_hub_gives_the_same_bytes_on_the_next_run() {
    let workplace = copy(&THIRD_NIGHT);
    workplace
        .guiyi(&["backup", "--to", "night.tar.zst"])
        .expect(PUBLISHED);
    workplace
        .guiyi(&["backup", "--to", "again.tar.zst"])
        .expect(PUBLISHED);
    assert_eq!(workplace.read("night.tar.zst"), workplace.read("again.tar.zst"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&workplace.path().join("night.tar.zst")), 0o600);
    workplace
        .guiyi(&["restore", "night.tar.zst", "--to", "back"])
        .expect(PUBLISHED);
    let back = workplace.path().join("back");
    assert_eq!(mode(&back), 0o700);
    assert_eq!(mode(&back.join("hub/steward.db")), 0o600);
    assert!(!workplace.path().join("back.restoring").exists());
    let decisions = guiyi_in(&back, &["decide", "list", "--json"])
        .expect(PUBLISHED)
        .stdout;
    assert_eq!(
        decisions,
        workplace
            .guiyi(&["decide", "list", "--json"])
            .expect(PUBLISHED)
            .stdout
    );
    guiyi_in(&back, &["verify", "--all"]).expect(PUBLISHED);
    fs::copy(workplace.path().join("good.csv"), back.join("good.csv")).unwrap();
    workplace.run(PUBLISHED);
    guiyi_in(&back, &["run"]).expect(PUBLISHED);
    assert_eq!(bytes(&back), bytes(workplace.path()));
    assert_eq!(number(&back), number(workplace.path()));
}

#[test]
fn b22_a_restore_overwrites_nothing_and_refuses_a_damaged_backup() {
    let workplace = copy(&THIRD_NIGHT);
    workplace.guiyi(&["backup", "--to", "b"]).expect(PUBLISHED);
    workplace.guiyi(&["backup", "--to", "b"]).expect(USAGE);
    workplace.guiyi(&["restore", "b", "--to", "hub"]).expect(USAGE);
    workplace
        .guiyi(&["restore", "b", "--to", "good.csv"])
        .expect(USAGE);
    fs::create_dir(workplace.path().join("empty")).unwrap();
    workplace
        .guiyi(&["restore", "b", "--to", "empty"])
        .expect(PUBLISHED);
    let whole = workplace.read("b");
    for at in [0, 20, whole.len() / 2, whole.len() - 5] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        workplace.write("b", &damaged);
        let outcome = workplace.guiyi(&["restore", "b", "--to", "new"]);
        assert!(matches!(outcome.code, 1 | 10), "{outcome:?}");
        outcome.closing_line();
        workplace.write("b", &whole[..at]);
        assert_ne!(workplace.guiyi(&["restore", "b", "--to", "new"]).code, 0);
        for left in ["new", "new.restoring"] {
            assert!(!workplace.path().join(left).exists(), "{left}");
        }
    }
}

#[test]
fn a_damaged_hub_is_not_backed_up() {
    let workplace = copy(&THIRD_NIGHT);
    fs::write(workplace.published().path("golden.csv"), "x").unwrap();
    workplace.guiyi(&["backup", "--to", "b"]).expect(10);
    assert!(!workplace.path().join("b").exists());
}
