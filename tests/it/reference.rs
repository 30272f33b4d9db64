//! Reference lists of a job, and the list of all of them.

use crate::support::PUBLISHED;
use crate::support::USAGE;
use crate::support::Workplace;

const CUSTOMERS: &str =
    "编号,客户名称,电话\nG1,北京启明星辰软件有限公司,14210010001\nG2,Harbour Lights Ltd,13810010001\n";

/// A job with a customer whose prefix, 142, no operator had in 2026.
fn workplace(more: &str) -> Workplace {
    let workplace = Workplace::with_good_source(more);
    workplace.write("good.csv", CUSTOMERS);
    workplace
}

fn phone_issues(workplace: &Workplace) -> Vec<Vec<String>> {
    workplace.run(PUBLISHED);
    let rows = workplace
        .published()
        .rows("issues.parquet", &["record_key", "code"]);
    rows.into_iter()
        .filter(|row| row[1] == "unassigned_number")
        .collect()
}

#[test]
fn a_prefix_is_assigned_by_the_jobs_own_list() {
    let embedded = workplace("");
    assert_eq!(phone_issues(&embedded), [["G1", "unassigned_number"]]);

    let own = workplace("[reference]\nmobile_prefixes = \"lists/prefixes.tsv\"\n");
    own.write(
        "lists/prefixes.tsv",
        "# prefix\tclass\n138\tcarrier\n142\tcarrier\n",
    );
    own.guiyi(&["check"]).expect(PUBLISHED);
    assert!(phone_issues(&own).is_empty());
    // The list stands for the whole: what it lacks is assigned no more.
    own.write("lists/prefixes.tsv", "142\tcarrier\n");
    assert_eq!(phone_issues(&own), [["G2", "unassigned_number"]]);
}

#[test]
fn every_list_can_be_replaced_before_a_run() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reference/data");
    let mut table = "[reference]\n".to_owned();
    for (list, file) in [
        ("abbreviations", "abbreviations"),
        ("area_codes", "area_codes"),
        ("industries", "industries"),
        ("legal_forms", "legal_forms"),
        ("mail_domains", "mail_domains"),
        ("mobile_prefixes", "mobile_prefixes"),
        ("region_aliases", "region_aliases"),
        ("regions", "divisions"),
        ("regions_former", "former_divisions"),
        ("regions_hk_mo_tw", "divisions_hk_mo_tw"),
        ("similar_characters", "similar_characters"),
        ("surnames", "surnames"),
        ("variant_surnames", "variant_surnames"),
    ] {
        let path = data.join(file).with_extension("tsv");
        table.push_str(&format!("{list} = '{}'\n", path.display()));
    }
    let workplace = workplace(&table);
    workplace.guiyi(&["check"]).expect(PUBLISHED);
    assert_eq!(phone_issues(&workplace).len(), 1);
}

#[test]
fn an_unknown_or_malformed_list_is_a_fault_with_its_place() {
    let unknown = workplace("[reference]\nmobile_prefix = \"prefixes.tsv\"\n");
    let said = unknown.run(USAGE).stderr;
    assert!(said.contains("unknown reference list `mobile_prefix`"), "{said}");
    assert!(said.contains("did you mean `mobile_prefixes`?"), "{said}");
    assert!(said.contains("guiyi.toml:10:1"), "{said}");

    let malformed = workplace("[reference]\nmobile_prefixes = \"prefixes.tsv\"\n");
    malformed.write("prefixes.tsv", "142\tcarrier\n143 carrier\n");
    let said = malformed.run(USAGE).stderr;
    assert!(
        said.contains("line 2 of the reference list `mobile_prefixes` is malformed"),
        "{said}"
    );
}

#[test]
fn lists_show_version_rows_hash_and_licence() {
    let said = Workplace::new()
        .guiyi(&["list", "reference"])
        .expect(PUBLISHED)
        .stdout;
    for (name, licence) in [("regions_former", "CC BY 4.0"), ("mobile_prefixes", "Apache-2.0")] {
        let line = said.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains(licence) && line.contains("2026"), "{line}");
        let is_hash = |word: &str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(line.split(' ').any(is_hash), "{line}");
    }
}
