//! Comments, owners and privileges, over everything that there is.

use super::super::gene::{Dice, Gene};
use super::super::world::{Form, Thing, World, pick};
use super::Made;

fn thing(world: &World, dice: &mut Dice, suits: impl Fn(&Thing) -> bool) -> Option<Thing> {
    let number = dice.byte();
    pick(world.things.iter().filter(|thing| suits(thing)), number, |thing| &thing.name).cloned()
}

pub fn comment(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let thing = thing(world, &mut dice, |_| true)?;
    let text = dice.among(&["one", "it''s two", ""]);
    Some(vec![format!("COMMENT ON {} IS '{text}'", thing.name)])
}

pub fn owner(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let thing = thing(world, &mut dice, |thing| thing.owned)?;
    Some(vec![format!("ALTER {} OWNER TO aludel_law_a", thing.name)])
}

pub fn grant(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let thing = thing(world, &mut dice, |thing| thing.grant.is_some())?;
    let (on, privileges) = thing.grant?;
    let role = dice.among(&["aludel_law_a", "aludel_law_b", "PUBLIC"]);
    let privilege = dice.among(privileges);
    let form = dice.below(6);
    let rel = world.rels.iter().find(|rel| on == format!("TABLE {}", rel.sql) && rel.form != Form::MatView);
    Some(vec![match (form, rel) {
        (3, Some(rel)) if !rel.cols.is_empty() && privilege != "TRUNCATE" => {
            format!("GRANT {privilege} ({}) ON {on} TO {role}", rel.cols[0].name)
        }
        (4, _) if on.starts_with("FUNCTION") => format!("REVOKE ALL ON {on} FROM PUBLIC"),
        // The other one may come to own it, and keeps the option then (docs/ARCHITECTURE.md).
        (5, _) if role == "aludel_law_b" => format!("GRANT {privilege} ON {on} TO {role} WITH GRANT OPTION"),
        _ => format!("GRANT {privilege} ON {on} TO {role}"),
    }])
}

pub fn default_privileges(world: &mut World, gene: &Gene) -> Made {
    let mut dice = gene.dice();
    let what = dice.among(&[
        "SELECT ON TABLES TO aludel_law_b",
        "EXECUTE ON FUNCTIONS TO aludel_law_b",
        "USAGE ON SEQUENCES TO PUBLIC",
    ]);
    // What an extension brings gets them too, and whether it came before them nobody can tell.
    if what.contains("FUNCTIONS") && world.taken.iter().any(|name| name.starts_with("EXTENSION")) {
        return None;
    }
    let number = dice.byte();
    let place = match number {
        0..128 => String::new(),
        _ => format!(" IN SCHEMA {}", pick(world.schemas.iter(), number, |name| name)?),
    };
    Some(vec![format!("ALTER DEFAULT PRIVILEGES{place} GRANT {what}")])
}
