//! Files of a few records: what is known of customers in general decides where a file cannot teach.

use crate::guards::rows;
use crate::support::PUBLISHED;
use crate::support::REFUSED;
use crate::support::WITH_WARNINGS;
use crate::support::Workplace;
use std::collections::BTreeMap;

/// The records of one file by the customers they were put into, each sorted, in the order of keys.
fn customers(rows: &str) -> Vec<Vec<String>> {
    let workplace = Workplace::new();
    workplace.write("east/customers.csv", rows);
    workplace
        .guiyi(&["init", "--out", "guiyi.toml", "east"])
        .expect(PUBLISHED);
    let outcome = workplace.guiyi(&["run", "--quiet"]);
    assert!(
        [PUBLISHED, WITH_WARNINGS].contains(&outcome.code),
        "{}",
        outcome.stderr
    );
    let mut customers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((_, key), id) in workplace.published().ids() {
        customers.entry(id).or_default().push(key);
    }
    let mut customers: Vec<Vec<String>> = customers.into_values().collect();
    customers.sort();
    customers
}

const ZH: &str = "编号,客户名称,手机,地址\n";
const EN: &str = "id,first name,last name,date of birth,phone,street,city,state,postcode\n";

#[test]
fn two_records_of_one_customer_are_one_in_a_file_of_two() {
    let zh = "K1,杭州启明贸易有限公司,13812345678,浙江省杭州市西湖区文三路100号\n\
              K2,杭州启明贸易有限责任公司,138-1234-5678,杭州市西湖区文三路100号\n";
    assert_eq!(customers(&format!("{ZH}{zh}")), [["K1", "K2"]]);
    let en = "C1,Emily,Croker,1946-11-18,(213) 791-5879,15 Castleton Crescent,Albany,NY,12207\n\
              C2,Emiily,Croker,1946-11-18,213-791-5879,15 Castleton Cres.,Albany,NY,12207\n";
    assert_eq!(customers(&format!("{EN}{en}")), [["C1", "C2"]]);
}

#[test]
fn relatives_and_namesakes_stay_apart_in_a_file_of_two() {
    let zh = "K1,吴建国,13812345678,浙江省杭州市西湖区文三路100号2单元301室\n\
              K2,吴晓雨,13987654321,浙江省杭州市西湖区文三路100号2单元301室\n";
    assert_eq!(customers(&format!("{ZH}{zh}")).len(), 2);
    let namesakes = "K1,王伟,13812345678,浙江省杭州市西湖区文三路100号\n\
                     K2,王伟,13987654321,四川省成都市武侯区人民南路5号\n";
    assert_eq!(customers(&format!("{ZH}{namesakes}")).len(), 2);
    let siblings = "K1,北京北源宠物用品有限公司,13812345678,北京市西城区胜利路19号\n\
                    K2,北京北源家纺有限公司,13987654321,北京市西城区广安路374号\n";
    assert_eq!(customers(&format!("{ZH}{siblings}")).len(), 2);
    let en = "C1,Heather,Jones,1946-11-18,(213) 791-5879,916 Baird Street,Albany,NY,12207\n\
              C2,David,Jones,1994-02-04,(213) 555-0199,916 Baird Street,Albany,NY,12207\n";
    assert_eq!(customers(&format!("{EN}{en}")).len(), 2);
}

#[test]
fn four_records_of_which_two_are_one_customer() {
    let zh = "K1,杭州启明贸易有限公司,13812345678,浙江省杭州市西湖区文三路100号\n\
              K2,成都华泰机械有限公司,13987654321,四川省成都市武侯区人民南路5号\n\
              K3,启明贸易,13812345678,杭州市文三路100号\n\
              K4,李娜,15011112222,广东省广州市天河区体育东路8号\n";
    let found = customers(&format!("{ZH}{zh}"));
    assert_eq!(found, [vec!["K1", "K3"], vec!["K2"], vec!["K4"]]);
    let en = "C1,Emily,Croker,1946-11-18,(213) 791-5879,15 Castleton Crescent,Albany,NY,12207\n\
              C2,John,Davis,1974-04-19,(619) 859-7632,4921 Ridge Road,San Diego,CA,92136\n\
              C3,Emily,Croker,1946-11-18,,15 Castleton Crescent,Albany,NY,12207\n\
              C4,Jessica,Bell,1998-03-28,(210) 962-4250,2605 College Ave,San Antonio,TX,78248\n";
    let found = customers(&format!("{EN}{en}"));
    assert_eq!(found, [vec!["C1", "C3"], vec!["C2"], vec!["C4"]]);
}

#[test]
fn a_model_of_few_records_is_learned_again_when_they_have_doubled() {
    let workplace = Workplace::new();
    workplace.write("east/customers.csv", rows(0, 10));
    workplace
        .guiyi(&["init", "--out", "guiyi.toml", "east"])
        .expect(PUBLISHED);
    let learned_from = |workplace: &Workplace, run: &str| {
        let runs = std::fs::read_dir(workplace.path().join("hub/runs")).unwrap();
        let mut runs = runs.map(|entry| entry.unwrap().path());
        let run = runs.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(run));
        let text = std::fs::read_to_string(run.unwrap().join("model.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["records"].as_u64()
    };
    workplace.run(PUBLISHED);
    assert_eq!(learned_from(&workplace, "000001"), Some(10));
    workplace.write("east/customers.csv", rows(0, 13));
    let said = workplace.guiyi(&["run"]).stderr;
    assert!(
        !said.contains("learned again") && !said.contains("重新学习"),
        "{said}"
    );
    assert_eq!(learned_from(&workplace, "000002"), Some(10));
    // The guards hold back what is so much larger; the model of the candidate is its own all the same.
    workplace.write("east/customers.csv", rows(0, 40));
    let said = workplace.run(REFUSED);
    let said = said.stdout + &said.stderr;
    assert!(
        said.contains("10 records and was learned again") || said.contains("由 10 条记录学得"),
        "{said}"
    );
    assert_eq!(learned_from(&workplace, "000003"), Some(40));
}
