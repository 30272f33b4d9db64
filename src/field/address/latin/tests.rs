use crate::field::FieldType;
use crate::field::address::Address;

fn parts(raw: &str) -> String {
    let value = Address.standardise(raw);
    let Some(item) = value.items.first() else {
        return String::new();
    };
    let named = Address.parts().iter().zip(&item.parts);
    let shown =
        named.filter(|(name, text)| !text.is_empty() && !matches!(**name, "full" | "division" | "tokens"));
    let shown: Vec<String> = shown.map(|(name, text)| format!("{name}={text}")).collect();
    shown.join(" ")
}

#[rustfmt::skip]
const CASES: &[(&str, &str)] = &[
    ("15 Castleton Cres, Como, NSW 4214", "road=castleton cres number=15 locality=como state=nsw postcode=4214"),
    ("3/18 St Kilda Rd, Melbourne VIC 3004", "road=st kilda rd number=18 unit=3 locality=melbourne state=vic postcode=3004"),
    ("Unit 3/15 Smith Street, Fitzroy, Victoria 3065, Australia", "road=smith st number=15 unit=3 locality=fitzroy state=vic postcode=3065"),
    ("Unit 3 15 Smith Street Fitzroy VIC 3065", "road=smith st number=15 unit=3 locality=fitzroy state=vic postcode=3065"),
    ("Level 5, 100 George Street, Sydney NSW 2000", "road=george st number=100 floor=5 locality=sydney state=nsw postcode=2000"),
    ("PO Box 123, Dubbo NSW 2830", "road=po box number=123 locality=dubbo state=nsw postcode=2830"),
    ("P.O. Box 123, Springfield, IL 62701", "road=po box number=123 locality=springfield state=il postcode=62701"),
    ("Lot 5 Old Coast Road, Mandurah WA 6210", "road=old coast rd number=lot 5 locality=mandurah state=wa postcode=6210"),
    ("RMB 203, Wagga Wagga NSW 2650", "road=rmb number=203 locality=wagga wagga state=nsw postcode=2650"),
    ("12a-14 High St, Nottingham, NG7 1FT", "road=high st number=12a-14 locality=nottingham postcode=NG7 1FT"),
    ("Flat 2, 12 High Street, Beeston, Nottingham, Notts, NG9 2JJ, UK", "county=nottinghamshire town=beeston road=high st number=12 unit=2 locality=nottingham postcode=NG9 2JJ"),
    ("Rose Cottage, Church Lane, Kirkby, Liverpool L32 1AA", "town=kirkby road=church ln compound=rose cottage locality=liverpool postcode=L32 1AA"),
    ("The Old Rectory, 5 Mill Hill Lane, Derby DE23 6SB", "road=mill hill ln number=5 compound=the old rectory locality=derby postcode=DE23 6SB"),
    ("12 Main Street Springfield IL 62701", "road=main st number=12 locality=springfield state=il postcode=62701"),
    ("123 North Main St Apt 4B, Austin, TX 78701-1234, USA", "road=n main st number=123 unit=4b locality=austin state=tx postcode=78701-1234"),
    ("1600 Pennsylvania Avenue NW, Washington, DC 20500", "road=pennsylvania ave nw number=1600 locality=washington state=dc postcode=20500"),
    ("500 Fifth Ave, Suite 200, New York, NY 10110", "road=fifth ave number=500 unit=200 locality=new york state=ny postcode=10110"),
    ("100 King St W, Toronto, Ontario M5X 1A9, Canada", "road=king st w number=100 locality=toronto state=on postcode=M5X 1A9"),
    ("Hauptstr. 12, 80331 München", "road=hauptstr number=12 locality=munchen postcode=80331"),
    ("Hauptstraße 12a, D-80331 München, Germany", "road=hauptstr number=12a locality=munchen postcode=80331"),
    ("10 rue de Rivoli, 75001 Paris, France", "road=rue de rivoli number=10 locality=paris postcode=75001"),
    ("Keizersgracht 174, 1016 DW Amsterdam", "road=keizersgracht number=174 locality=amsterdam postcode=1016 DW"),
    ("12 Queen Street, Auckland 1010, New Zealand", "road=queen st number=12 locality=auckland postcode=1010"),
    ("5 Grafton Street, Dublin, D02 X285, Ireland", "road=grafton st number=5 locality=dublin postcode=D02 X285"),
    ("18 Rosedale  St, Como NSW 2226", "road=rosedale st number=18 locality=como state=nsw postcode=2226"),
    ("\u{1F}\u{1F}nsw\u{1F}\u{1F}\u{1F}castleton crescent\u{1F}15\u{1F}montrose\u{1F}como\u{1F}4214", "road=castleton cres number=15 compound=montrose locality=como state=nsw postcode=4214"),
    ("\u{1F}\u{1F}vic\u{1F}\u{1F}\u{1F}forrest st\u{1F}3/12\u{1F}unit 7\u{1F}saint albans\u{1F}3021", "road=forrest st number=12 unit=3 locality=st albans state=vic postcode=3021"),
    ("\u{1F}\u{1F}\u{1F}Salford", "city=salford locality=salford"),
    ("Room 501, Building 3, No. 88 Jianguo Road, Chaoyang District, Beijing 100022, P.R. China", "province=北京市 county=朝阳区 road=jianguo rd number=88 building=3 room=501 postcode=100022"),
    ("12/F, Kexing Science Park, 15 Keyuan Road, Nanshan District, Shenzhen, Guangdong Province, China 518057", "province=广东省 city=深圳市 county=南山区 road=keyuan rd number=15 compound=kexing science park floor=12 postcode=518057"),
    ("No.1 Wensan Road, Xihu District, Hangzhou, China", "province=浙江省 city=杭州市 county=西湖区 road=wensan rd number=1"),
    ("Rm 1203, 12/F, Tower 2, Lippo Centre, 89 Queensway, Hong Kong", "province=香港特别行政区 road=queensway number=89 compound=lippo centre building=2 floor=12 room=1203"),
    ("88 Nanjing Road, Sydney NSW 2000", "road=nanjing rd number=88 locality=sydney state=nsw postcode=2000"),
    ("Unit 4 Riverside Business Park, Bath Road, Swindon, Wilts SN1 5AA", "county=wiltshire road=bath rd compound=riverside business park unit=4 locality=swindon postcode=SN1 5AA"),
    ("U 5 12-14 Kings Park Rd West Perth WA 6005", "road=kings park rd number=12-14 unit=5 locality=west perth state=wa postcode=6005"),
    ("1/2 The Avenue, Windsor, Vic, 3181", "road=the ave number=2 unit=1 locality=windsor state=vic postcode=3181"),
    ("350 5th Ave Fl 34, New York NY 10118", "road=5th ave number=350 floor=34 locality=new york state=ny postcode=10118"),
    ("123 1/2 Main St, Dayton OH 45402", "road=main st number=123 1/2 locality=dayton state=oh postcode=45402"),
    ("Via Roma 10, 00184 Roma, Italy", "road=via roma number=10 locality=roma postcode=00184"),
    ("Kungsgatan 5, 111 43 Stockholm", "road=kungsgatan number=5 locality=stockholm postcode=111 43"),
    ("4140 Meadow Lane\u{1F}\u{1F}CO\u{1F}Denver\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}80202", "city=denver road=meadow ln number=4140 locality=denver state=co postcode=80202"),
    ("3241 Elm St\u{1F}\u{1F}CA\u{1F}San Francisco\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}", "city=san francisco road=elm st number=3241 locality=san francisco state=ca"),
    ("3241 Elm St", "road=elm st number=3241"),
    ("5103 Maple Ave Apt 18", "road=maple ave number=5103 unit=18"),
    ("1207 Main Street Apt 4", "road=main st number=1207 unit=4"),
    ("1207 Main Street Apt 4000", "road=main st number=1207 unit=4000"),
    ("1432 Broadway", "road=broadway number=1432"),
    ("7299 Broadway, Apt 27", "road=broadway number=7299 unit=27"),
    ("Suite 4, 7299 Broadway, Denver, CO", "road=broadway number=7299 unit=4 locality=denver state=co"),
    ("864 Broadway Suite 215, Phoenix, AZ 85051", "road=broadway number=864 unit=215 locality=phoenix state=az postcode=85051"),
    ("864 Broadway 5th Floor, New York, NY 10003", "road=broadway number=864 floor=5 locality=new york state=ny postcode=10003"),
    ("45 The Strand", "road=the strand number=45"),
    ("12 Unter den Linden", "road=unter den linden number=12"),
    ("1212 Unter den Linden", "road=unter den linden number=1212"),
    ("5336 Broadway\u{1F}\u{1F}CO\u{1F}Denver\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}", "city=denver road=broadway number=5336 locality=denver state=co"),
    ("45 The Strand\u{1F}\u{1F}\u{1F}London\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}", "city=london road=the strand number=45 locality=london"),
    ("1432 Broadway\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}10018", "road=broadway number=1432 postcode=10018"),
    ("6238 Oak Ave Suite 784", "road=oak ave number=6238 unit=784"),
    ("6238 Oak Ave #784, Denver, CO 80202", "road=oak ave number=6238 unit=784 locality=denver state=co postcode=80202"),
    ("\u{1F}\u{1F}co\u{1F}Denver\u{1F}\u{1F}6238 Oak Ave Suite 784", "city=denver road=oak ave number=6238 unit=784 locality=denver state=co"),
    ("\u{1F}\u{1F}co\u{1F}Denver\u{1F}\u{1F}864 Broadway Ste B", "city=denver road=broadway number=864 unit=b locality=denver state=co"),
    ("12 Main Street Springfield Apt 4 IL 62701", "road=main st number=12 unit=4 locality=springfield state=il postcode=62701"),
    ("1200 State Route 9, Albany, NY 12203", "road=state rte 9 number=1200 locality=albany state=ny postcode=12203"),
    ("1432 West Virginia Ave NE", "road=west virginia ave ne number=1432"),
    ("Keizersgracht, 1016 DW Amsterdam", "town=keizersgracht locality=amsterdam postcode=1016 DW"),
    ("Hauptstr. 12, 8010 Graz, Austria", "road=hauptstr number=12 locality=graz postcode=8010"),
    ("45 Villa St, Como NSW 2226", "road=villa st number=45 locality=como state=nsw postcode=2226"),
    ("10300 Broadway", "road=broadway number=10300"),
    ("80331 München", "locality=munchen postcode=80331"),
    ("45 Victoria", "road=victoria number=45"),
    ("4140 Meadow Ln, Denver", "road=meadow ln number=4140 locality=denver"),
    ("Rose Cottage, Melbourne, 3004 VIC", "town=rose cottage locality=melbourne state=vic postcode=3004"),
    ("Suite 4, 1432 La Brea, Los Angeles, CA", "road=la brea number=1432 unit=4 locality=los angeles state=ca"),
    ("PO Box 1234, Dubbo NSW 2830", "road=po box number=1234 locality=dubbo state=nsw postcode=2830"),
    ("5103 Maple Ave Apt 18, Austin, TX 78701", "road=maple ave number=5103 unit=18 locality=austin state=tx postcode=78701"),
    ("2200 Market Street, Unit B, San Francisco, California 94114", "road=market st number=2200 unit=b locality=san francisco state=ca postcode=94114"),
    ("4915 Maple Avenue, Jacksonville, FL 32200", "road=maple ave number=4915 locality=jacksonville state=fl postcode=32200"),
    ("12 King St, FL 3, Boston, MA 02110", "road=king st number=12 floor=3 locality=boston state=ma postcode=02110"),
    ("2955 Cedar Ln, Chicago, IL 60644\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}60644", "road=cedar ln number=2955 locality=chicago state=il postcode=60644"),
    ("Victoria", "state=vic"),
    ("", ""),
];

#[test]
fn addresses_are_read_into_their_levels() {
    let mut wrong = Vec::new();
    for (raw, expected) in CASES {
        let got = parts(raw);
        if got != *expected {
            wrong.push(format!("{raw}\n  want {expected}\n  got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tokens_are_the_words_of_street_and_second_line() {
    let tokens = |raw: &str| Address.standardise(raw).items[0].parts[17].clone();
    assert_eq!(
        tokens(
            "\u{1F}\u{1F}nsw\u{1F}\u{1F}\u{1F}castleton crescent\u{1F}15\u{1F}montrose\u{1F}como\u{1F}4214"
        ),
        "castleton cres montrose"
    );
    assert_eq!(tokens("15 Castleton Crescent, Como, NSW 4214"), "castleton cres");
}

#[test]
fn chinese_addresses_in_english_are_recognised_without_a_country() {
    for (raw, expected) in [
        (
            "Room 1105, No.88 Century Avenue, Pudong New Area, Shanghai",
            "province=上海市 county=浦东新区 road=century ave number=88 room=1105",
        ),
        (
            "No. 5, Lane 100, Huaihai Road, Xuhui District, Shanghai 200030",
            "province=上海市 county=徐汇区 road=huaihai rd number=100弄5 postcode=200030",
        ),
        (
            "No.328 Xinghu Street, Suzhou Industrial Park, Suzhou, Jiangsu, P.R.China",
            "province=江苏省 city=苏州市 zone=suzhou industrial park road=xinghu st number=328",
        ),
    ] {
        assert_eq!(parts(raw), expected, "{raw}");
    }
}
