//! `[roles.NAME]` of the job file: roles beside the built-in ones, and built-in ones that show less.
//!
//! In: the tables. Out: every [`Role`] that `guiyi export` knows, built-in ones first; unknown fields, a role that shows nothing, sensitive
//! fields in clear that nobody asked for, and a built-in role that would show more than it does are faults. Nothing is inherited: a
//! table says everything that its role gets. What a role means for the rows is known to `export`.

use crate::export::Role;
use crate::export::Rows;
use crate::export::roles;
use crate::field::FieldSpec;
use crate::field::Sensitivity;
use crate::field::mask::MaskingClass;
use crate::field::mask::masking_class;
use crate::plan::checked::check_field;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::toml_table::Located;
use crate::plan::toml_table::TomlTable;
use schemars::JsonSchema;
use std::collections::BTreeSet;

/// Every field that no list names.
const OTHERS: &str = "*";

/// What a role may see of a published run: whose rows, and which fields. Fields that it does not name are left out.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RoleTable {
    /// Its key: lower-case letters, digits and underscores.
    #[schemars(skip)]
    pub name: Located<String>,
    /// What it is for, in English.
    pub en: Option<Located<String>>,
    /// What it is for, in Chinese.
    pub zh: Option<Located<String>>,
    /// Whose rows: `own` (the records of one source, named by `--source`), `all` (one row a customer) or `counts` (how many customers
    /// of which kind, groups of fewer than five left out). A built-in role keeps its own.
    pub scope: Option<Located<String>>,
    /// Fields shown as they are; for `counts`, the fields to count by. `*` is every field that neither list names.
    #[schemars(with = "Option<crate::plan::job::OneOrMany>")]
    pub fields: Option<Located<Vec<Located<String>>>>,
    /// Fields shown masked; `*` is every field that neither list names.
    #[schemars(with = "Option<crate::plan::job::OneOrMany>")]
    pub masked: Option<Located<Vec<Located<String>>>>,
    /// May `fields` hold sensitive fields (`guiyi list fields`)? `false` unless given. A built-in role that is narrowed needs no word for
    /// what it shows anyway.
    pub clear_sensitive: Option<Located<bool>>,
}

impl RoleTable {
    /// The tables of `[roles]`, in the order of the file.
    pub(super) fn read_all(table: &TomlTable<'_, '_>, faults: &mut FaultList) -> Vec<Self> {
        let mut tables = Vec::new();
        for (name, value) in table.entries() {
            let Some(inside) = value.get_ref().as_table() else {
                let message = format!("`{}` in [roles] must be a table", name.value);
                faults.add_hint(value.span(), message, format!("write `[roles.{}]`", name.value));
                continue;
            };
            let title = format!("[roles.{}]", name.value);
            tables.push(Self::read(
                TomlTable::new(inside, title, value.span()),
                name,
                faults,
            ));
        }
        tables
    }

    fn read(mut table: TomlTable<'_, '_>, name: Located<String>, faults: &mut FaultList) -> Self {
        let role = Self {
            name,
            en: table.text("en", faults),
            zh: table.text("zh", faults),
            scope: table.text("scope", faults),
            fields: table.texts("fields", faults),
            masked: table.texts("masked", faults),
            clear_sensitive: table.flag("clear_sensitive", faults),
        };
        table.finish(faults);
        role
    }

    /// Names of one list with their places.
    fn names(list: Option<&Located<Vec<Located<String>>>>) -> &[Located<String>] {
        list.map_or(&[], |list| &list.value)
    }

    fn plain(&self) -> &[Located<String>] {
        Self::names(self.fields.as_ref())
    }

    fn veiled(&self) -> &[Located<String>] {
        Self::names(self.masked.as_ref())
    }
}

/// The built-in roles, narrowed where the job says so, then those of the job by name.
pub(super) fn check(tables: &[RoleTable], fields: &[FieldSpec], faults: &mut FaultList) -> Vec<Role> {
    let mut found = roles();
    let mut own = Vec::new();
    for table in tables {
        let given = found.iter().position(|role| role.name == table.name.value);
        let Some(role) = role(table, given.map(|at| &found[at]), fields, faults) else {
            continue;
        };
        match given {
            Some(at) => found[at] = role,
            None => own.push(role),
        }
    }
    own.sort_by(|a: &Role, b| a.name.cmp(&b.name));
    found.extend(own);
    found
}

/// One role; `None` when it cannot even be told apart or placed.
fn role(
    table: &RoleTable,
    built_in: Option<&Role>,
    fields: &[FieldSpec],
    faults: &mut FaultList,
) -> Option<Role> {
    check_name(&table.name, faults);
    let rows = rows(table, built_in, faults)?;
    check_names(table, fields, faults);
    if table.plain().is_empty() && table.veiled().is_empty() {
        let message = format!("the role `{}` shows nothing", table.name.value);
        faults.add_hint(
            table.name.span.clone(),
            message,
            "name its fields in `fields` or `masked`",
        );
    }
    let usual = |at: usize| built_in.map_or_else(String::new, |role| role.purpose[at].clone());
    let words = |given: &Option<Located<String>>, at: usize| {
        given
            .as_ref()
            .map_or_else(|| usual(at), |given| given.value.clone())
    };
    let role = Role {
        name: table.name.value.clone(),
        purpose: [words(&table.en, 0), words(&table.zh, 1)],
        rows,
        plain: in_order(table.plain(), fields),
        masked: in_order(table.veiled(), fields),
        is_of_job: true,
    };
    match built_in {
        Some(built_in) => check_narrower(table, &role, built_in, fields, faults),
        None => check_clear(table, &role, fields, faults),
    }
    if rows == Rows::Cells {
        check_counted(table, fields, faults);
    }
    Some(role)
}

/// The name is that of the exported file.
fn check_name(name: &Located<String>, faults: &mut FaultList) {
    let is_sound = name.value.starts_with(|first: char| first.is_ascii_lowercase())
        && name.value.len() <= 64
        && name
            .value
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_sound {
        let message = format!(
            "the role name `{}` must be at most 64 lower-case letters, digits and underscores",
            name.value
        );
        faults.add_hint(name.span.clone(), message, "say what it is for in `en` and `zh`");
    }
}

fn rows(table: &RoleTable, built_in: Option<&Role>, faults: &mut FaultList) -> Option<Rows> {
    let words = Rows::ALL.map(Rows::as_str);
    let Some(scope) = &table.scope else {
        if built_in.is_none() {
            let message = format!("the role `{}` has no `scope`", table.name.value);
            let hint = "write `scope = \"own\"`, `\"all\"` or `\"counts\"`";
            faults.add_hint(table.name.span.clone(), message, hint);
        }
        return built_in.map(|role| role.rows);
    };
    let Some(rows) = Rows::ALL.into_iter().find(|rows| rows.as_str() == scope.value) else {
        let message = format!("unknown scope `{}`", scope.value);
        faults.add_hint(scope.span.clone(), message, name_hint(&scope.value, &words));
        return None;
    };
    if let Some(built_in) = built_in.filter(|role| role.rows != rows) {
        let message = format!(
            "the built-in role `{}` has the scope `{}`",
            built_in.name,
            built_in.rows.as_str()
        );
        faults.add_hint(
            scope.span.clone(),
            message,
            "give a role of another scope a name of its own",
        );
    }
    Some(rows)
}

/// Each name is a field, and is named once.
fn check_names(table: &RoleTable, fields: &[FieldSpec], faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for name in table.plain().iter().chain(table.veiled()) {
        let is_known = name.value == OTHERS || check_field(name, fields, faults);
        if is_known && !seen.insert(name.value.as_str()) {
            let message = format!(
                "`{}` is named twice in the role `{}`",
                name.value, table.name.value
            );
            faults.add_hint(name.span.clone(), message, "keep it in `fields` or in `masked`");
        }
    }
    for name in table.veiled() {
        let field = fields.iter().find(|field| field.name == name.value);
        if field.is_some_and(|field| masking_class(field) == MaskingClass::None) {
            let message = format!("`{}` has no mask and would be shown as it is", name.value);
            faults.add_hint(name.span.clone(), message, "name it in `fields`, or leave it out");
        }
    }
}

/// Sensitive fields are in clear only when the job says so in so many words.
fn check_clear(table: &RoleTable, role: &Role, fields: &[FieldSpec], faults: &mut FaultList) {
    if table.clear_sensitive.as_ref().is_some_and(|given| given.value) {
        return;
    }
    for name in table.plain() {
        let shown = fields_of(name, role, fields);
        let sensitive = shown
            .into_iter()
            .find(|field| field.sensitivity == Sensitivity::Sensitive);
        if let Some(field) = sensitive {
            let message = format!("`{}` is sensitive and would be shown in clear", field.name);
            let hint = "name it in `masked`, or say `clear_sensitive = true`";
            faults.add_hint(name.span.clone(), message, hint);
        }
    }
}

/// A job narrows a built-in role and never widens it: whoever knows the role by its name relies on what it leaves out.
fn check_narrower(
    table: &RoleTable,
    role: &Role,
    built_in: &Role,
    fields: &[FieldSpec],
    faults: &mut FaultList,
) {
    for name in table.plain().iter().chain(table.veiled()) {
        let shown = fields_of(name, role, fields);
        let wider = shown
            .into_iter()
            .find(|field| role.show(field) < built_in.show(field));
        if let Some(field) = wider {
            let message = format!(
                "`{}` is more than the built-in role `{}` shows",
                field.name, role.name
            );
            faults.add_hint(name.span.clone(), message, "give the role a name of its own");
        }
    }
}

/// Groups are of traits that say nothing of one person.
fn check_counted(table: &RoleTable, fields: &[FieldSpec], faults: &mut FaultList) {
    let is_open = |name: &Located<String>| {
        let field = fields.iter().find(|field| field.name == name.value);
        // An unknown field is told elsewhere.
        name.value != OTHERS && field.is_none_or(|field| masking_class(field) == MaskingClass::None)
    };
    let personal = table.plain().iter().filter(|name| !is_open(name));
    for name in personal.chain(table.veiled()) {
        let message = format!("customers are not counted by `{}`", name.value);
        let hint = "count by fields that need no mask, such as `industry` or `province`";
        faults.add_hint(name.span.clone(), message, hint);
    }
}

/// The fields that a name stands for.
fn fields_of<'a>(name: &Located<String>, role: &Role, fields: &'a [FieldSpec]) -> Vec<&'a FieldSpec> {
    let is_meant = |field: &&FieldSpec| match name.value.as_str() {
        OTHERS => !role.names(&field.name),
        name => field.name == name,
    };
    fields.iter().filter(is_meant).collect()
}

/// The names in the order of the schema, `*` last: the order in which they are written makes no other plan.
fn in_order(names: &[Located<String>], fields: &[FieldSpec]) -> Vec<String> {
    let has = |wanted: &str| names.iter().any(|name| name.value == wanted);
    let named = fields.iter().filter(|field| has(&field.name));
    let mut ordered: Vec<String> = named.map(|field| field.name.to_string()).collect();
    ordered.extend(has(OTHERS).then(|| OTHERS.to_owned()));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::Show;
    use crate::field::customer_schema;
    use std::path::Path;
    use toml::de::DeTable;

    fn checked(text: &str) -> Result<Vec<Role>, Vec<String>> {
        let mut faults = FaultList::default();
        let (root, _) = DeTable::parse_recoverable(text);
        let mut table = TomlTable::new(root.get_ref(), "the job file", 0..0);
        let tables = table
            .table("roles", &mut faults)
            .map(|table| RoleTable::read_all(&table, &mut faults))
            .unwrap_or_default();
        let roles = check(&tables, customer_schema(), &mut faults);
        match faults.into_result(Path::new("guiyi.toml"), text) {
            Ok(()) => Ok(roles),
            Err(faults) => Err(faults.to_string().lines().map(str::to_owned).collect()),
        }
    }

    fn shown(role: &Role, show: Show) -> Vec<&'static str> {
        let fields = customer_schema().iter().filter(|field| role.show(field) == show);
        fields
            .map(|field| match &field.name {
                std::borrow::Cow::Borrowed(name) => *name,
                std::borrow::Cow::Owned(_) => "",
            })
            .collect()
    }

    #[test]
    fn r19_a_role_of_the_job_shows_what_it_names() {
        let text = "[roles.credit]\nzh = \"授信\"\nscope = \"all\"\nfields = [\"uscc\", \"customer_name\"]\nmasked = \"phones\"\n";
        let roles = checked(text).unwrap();
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(
            names,
            ["sales", "marketing", "finance", "subsidiary", "auditor", "credit"]
        );
        let credit = roles.last().unwrap();
        assert_eq!(credit.purpose, [String::new(), "授信".to_owned()]);
        assert_eq!(credit.rows, Rows::Customers);
        assert_eq!(shown(credit, Show::Plain), ["customer_name", "uscc"]);
        assert_eq!(shown(credit, Show::Masked), ["phones"]);
    }

    #[test]
    fn r19_a_star_is_what_no_list_names() {
        let text = "[roles.subsidiary]\nfields = \"*\"\nmasked = [\"id_card\", \"bank_account\"]\n";
        let roles = checked(text).unwrap();
        let masked = shown(&roles[3], Show::Masked);
        assert_eq!(masked, ["id_card", "bank_account"]);
        assert!(shown(&roles[3], Show::Hidden).is_empty());
        assert_eq!(roles.len(), 5);
    }

    #[test]
    fn r19_a_built_in_role_is_narrowed_and_never_widened() {
        assert!(checked("[roles.sales]\nfields = [\"customer_name\"]\nmasked = [\"phones\"]\n").is_ok());
        assert!(checked("[roles.auditor]\nmasked = [\"phones\", \"customer_name\"]\n").is_ok());
        for (table, wider) in [
            (
                "[roles.sales]\nfields = [\"customer_name\", \"id_card\"]\n",
                "2:28: `id_card` is more",
            ),
            (
                "[roles.sales]\nmasked = [\"id_card\"]\n",
                "2:11: `id_card` is more",
            ),
            (
                "[roles.auditor]\nfields = [\"phones\"]\nclear_sensitive = true\n",
                "2:11: `phones` is more",
            ),
            ("[roles.finance]\nfields = \"*\"\n", "2:10: "),
            (
                "[roles.sales]\nscope = \"all\"\nfields = \"city\"\n",
                "2:9: the built-in role `sales` has the scope `own`",
            ),
        ] {
            let faults = checked(table).unwrap_err();
            assert!(faults.len() == 1 && faults[0].contains(wider), "{faults:?}");
        }
    }

    #[test]
    fn r19_sensitive_fields_are_in_clear_when_the_job_says_so() {
        let of = |list: &str, word: &str| {
            checked(&format!("[roles.care]\nscope = \"own\"\nfields = {list}\n{word}"))
        };
        let faults = of("[\"city\", \"phones\"]", "").unwrap_err();
        assert_eq!(
            faults,
            [
                "guiyi.toml:3:19: `phones` is sensitive and would be shown in clear; hint: name it in `masked`, or say `clear_sensitive = true`"
            ]
        );
        assert_eq!(of("\"*\"", "").unwrap_err().len(), 1);
        assert!(of("[\"city\", \"phones\"]", "clear_sensitive = true").is_ok());
        assert!(of("[\"city\"]", "masked = [\"phones\"]").is_ok());
    }

    #[test]
    fn r19_counts_are_by_open_fields_only() {
        let of = |lists: &str| {
            checked(&format!(
                "[roles.portrait]\nscope = \"counts\"\nclear_sensitive = true\n{lists}\n"
            ))
        };
        assert!(of("fields = [\"city\", \"industry\"]").is_ok());
        for lists in [
            "fields = [\"city\", \"phones\"]",
            "fields = \"*\"",
            "fields = \"city\"\nmasked = \"qq\"",
        ] {
            let faults = of(lists).unwrap_err();
            assert!(faults[0].contains("customers are not counted by"), "{faults:?}");
        }
    }

    #[test]
    fn r19_faults_of_a_role_have_their_places_and_hints() {
        let cases = [
            (
                "[roles.x]\nscope = \"all\"\nfields = [\"custmer_name\"]\n",
                "3:11: unknown field `custmer_name`; hint: did you mean `customer_name`?",
            ),
            (
                "[roles.x]\nscope = \"al\"\nfields = \"city\"\n",
                "2:9: unknown scope `al`; hint: did you mean `all`?",
            ),
            ("[roles.x]\nscope = \"all\"\n", "1:8: the role `x` shows nothing"),
            (
                "[roles.x]\nfields = \"city\"\n",
                "1:8: the role `x` has no `scope`",
            ),
            (
                "[roles.X]\nscope = \"all\"\nfields = \"city\"\n",
                "1:8: the role name `X`",
            ),
            (
                "[roles.\"../x\"]\nscope = \"all\"\nfields = \"city\"\n",
                "1:8: the role name `../x`",
            ),
            (
                "[roles.x]\nscope = \"all\"\nmasked = \"city\"\n",
                "3:10: `city` has no mask",
            ),
            (
                "[roles.x]\nscope = \"all\"\nfields = [\"city\", \"city\"]\n",
                "3:19: `city` is named twice",
            ),
            (
                "[roles.x]\nscope = \"all\"\nfield = \"city\"\nmasked = \"qq\"\n",
                "3:1: unknown key `field` in [roles.x]",
            ),
            ("[roles]\nx = 1\n", "2:5: `x` in [roles] must be a table"),
        ];
        for (text, expected) in cases {
            let faults = checked(text).unwrap_err();
            assert!(faults.len() == 1 && faults[0].contains(expected), "{faults:?}");
        }
    }
}
