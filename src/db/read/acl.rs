//! Access control lists: `grantee=letters/grantor` items.
//!
//! <https://www.postgresql.org/docs/current/ddl-priv.html>, table "ACL Privilege Abbreviations".

use std::collections::BTreeSet;

use crate::facet::Grant;
use crate::kind::Incidental;
use crate::name::{Name, parts, split_unquoted};

/// Items as grants; what an owner may do anyway is left out.
pub fn grants(items: &[String], owner: Option<&Name>) -> BTreeSet<Grant> {
    let mut out = BTreeSet::new();
    for (grantee, letters, grantor) in items.iter().filter_map(|item| parse(item)) {
        if grantee.is_some() && grantee.as_ref() == owner {
            continue;
        }
        let by = grantor.filter(|grantor| owner.is_some_and(|owner| owner != grantor));
        let mut letters = letters.chars().peekable();
        while let Some(letter) = letters.next() {
            let grantable = letters.next_if_eq(&'*').is_some();
            if let Some(privilege) = privilege(letter) {
                let by = Incidental(by.clone());
                let grant = Grant { grantee: grantee.clone(), privilege: privilege.into(), grantable, by };
                // Of several who granted the same it is one beside the owner.
                if grant.by.0.is_some() || !out.contains(&grant) {
                    out.replace(grant);
                }
            }
        }
    }
    out
}

/// What an owner may do, where that is not everything.
pub fn owner_rights(items: &[String], full: &[String], owner: Option<&Name>) -> Option<BTreeSet<String>> {
    let letters = |items: &[String]| -> BTreeSet<char> {
        let mut parsed = items.iter().filter_map(|item| parse(item));
        let own = parsed.find(|(grantee, ..)| grantee.is_some() && grantee.as_ref() == owner);
        own.map_or("", |(_, letters, _)| letters).chars().filter(|letter| *letter != '*').collect()
    };
    let (has, all) = (letters(items), letters(full));
    (has != all).then(|| has.into_iter().filter_map(privilege).map(str::to_owned).collect())
}

/// Who an item is about, `None` for `PUBLIC`, its letters, and who granted it.
fn parse(item: &str) -> Option<(Option<Name>, &str, Option<Name>)> {
    let (grantee, rest) = split_unquoted(item, '=')?;
    let (letters, grantor) = rest.split_once('/')?;
    let role = |text: &str| Some(parts(text)?.pop().filter(|name| !name.as_str().is_empty()));
    Some((role(grantee)?, letters, role(grantor)?))
}

/// The word of a letter.
fn privilege(letter: char) -> Option<&'static str> {
    Some(match letter {
        'r' => "SELECT",
        'a' => "INSERT",
        'w' => "UPDATE",
        'd' => "DELETE",
        'D' => "TRUNCATE",
        'x' => "REFERENCES",
        't' => "TRIGGER",
        'C' => "CREATE",
        'c' => "CONNECT",
        'T' => "TEMPORARY",
        'X' => "EXECUTE",
        'U' => "USAGE",
        's' => "SET",
        'A' => "ALTER SYSTEM",
        'm' => "MAINTAIN",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roles_have_any_sign() {
        let of = |item: &str| {
            parse(item).map(|(who, letters, _)| (who.map(|name| name.as_str().to_owned()), letters.to_owned()))
        };
        let some = |who: &str, letters: &str| Some((Some(who.to_owned()), letters.to_owned()));
        assert_eq!(of("=r/ann"), Some((None, "r".to_owned())));
        assert_eq!(of("bob=r*w/\"cn=o\""), some("bob", "r*w"));
        assert_eq!(of("\"cn=o\"=r/ann"), some("cn=o", "r"));
        assert_eq!(of("\"a\"\"\"=r/\"x/y\""), some("a\"", "r"));
        assert_eq!(of("nothing"), None);
    }
}
