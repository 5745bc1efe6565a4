//! Fills the templates.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};

use super::view::View;
use super::{Error, MARK, Options, TEMPLATES, layout};

/// The files of the folder.
///
/// # Errors
/// If a template is wrong, or replaces none of ours.
pub fn files(view: &View, options: &Options) -> Result<BTreeMap<String, String>, Error> {
    let environment = environment(options)?;
    let mut out = BTreeMap::new();
    let mut write = |file: String, template: &str, context: Value| {
        let wrong = |source| Error::Template { name: template.to_owned(), source };
        let text = environment.get_template(template).and_then(|found| found.render(context)).map_err(wrong)?;
        out.insert(file, format!("{MARK}; changes by hand are lost.\n\n{}\n", text.trim()));
        Ok(())
    };
    let whole = Value::from(Serde(view));
    for name in ["mod", "connection", "error", "pool", "query"] {
        write(format!("{name}.rs"), &format!("{name}.rs.j2"), whole.clone())?;
    }
    if !view.enums.is_empty() {
        write("types.rs".to_owned(), "types.rs.j2", whole)?;
    }
    for model in &view.models {
        write(format!("{}.rs", model.module), "model.rs.j2", context! { model => Value::from(Serde(model)) })?;
    }
    Ok(out)
}

fn environment(options: &Options) -> Result<Environment<'_>, Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|source| Error::Template { name: "mod.rs.j2".to_owned(), source })?);
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let known = || TEMPLATES.iter().map(|(name, _)| *name);
    if let Some(name) = options.templates.keys().find(|name| known().all(|known| known != name.as_str())) {
        return Err(Error::UnknownTemplate { name: name.clone(), known: known().collect() });
    }
    for (name, built_in) in TEMPLATES {
        let text = options.templates.get(*name).map_or(*built_in, String::as_str);
        let wrong = |source| Error::Template { name: (*name).to_owned(), source };
        environment.add_template(name, text).map_err(wrong)?;
    }
    functions(&mut environment);
    Ok(environment)
}

/// The forms of [`layout`], by the same names.
fn functions(environment: &mut Environment) {
    environment.add_function("doc", |indent: usize, mark: &str, text: &str| layout::doc(indent, mark, text));
    environment.add_function("signature", |indent: usize, head: &str, arguments: Vec<String>, returned: &str| {
        layout::signature(indent, head, &arguments, returned)
    });
    environment.add_function("header", |head: &str, of: &str| layout::header(head, of));
    environment.add_function("call", |indent: usize, head: &str, arguments: Vec<String>, tail: &str| {
        layout::call(indent, head, &arguments, tail)
    });
    environment.add_function(
        "assign_list",
        |indent: usize, head: &str, open: &str, items: Vec<String>, close: &str| {
            layout::assign_list(indent, head, open, &items, close)
        },
    );
    environment.add_function("literal", |indent: usize, head: &str, fields: Vec<String>, tail: &str| {
        layout::literal(indent, head, &fields, tail)
    });
    environment.add_function("assign", |indent: usize, head: &str, value: &str| layout::assign(indent, head, value));
    environment
        .add_function("chain", |indent: usize, head: &str, links: Vec<String>| layout::chain(indent, head, &links));
    environment.add_function(
        "constant",
        |indent: usize, head: &str, of: Vec<String>, function: &str, arguments: Vec<String>| {
            layout::constant(indent, head, &of, function, &arguments)
        },
    );
    environment.add_function("field", |indent: usize, name: &str, of: &str| layout::field(indent, name, of));
    environment.add_function("arm", |indent: usize, pattern: &str, value: &str| layout::arm(indent, pattern, value));
    environment.add_function("statement", |indent: usize, head: &str, sql: &str| layout::statement(indent, head, sql));
}
