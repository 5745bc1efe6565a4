//! Genes to SQL, one function a sort. What a gene makes is noted in the world for those that come after it.

mod code;
mod facets;
mod readers;
mod rest;
mod tables;
mod types;

use super::gene::{Gene, Sort};
use super::world::World;

/// The statements that make a schema, and those that put rows into it.
pub struct Script {
    pub statements: Vec<String>,
    pub rows: Vec<String>,
}

pub fn script(genes: &[Gene]) -> Script {
    let mut world = World::new();
    let statements = genes.iter().flat_map(|gene| render(&mut world, gene).unwrap_or_default()).collect();
    Script { statements, rows: tables::rows(&world) }
}

type Made = Option<Vec<String>>;

fn render(world: &mut World, gene: &Gene) -> Made {
    match gene.sort {
        Sort::Schema => types::schema(world, gene),
        Sort::Extension => types::extension(world, gene),
        Sort::Collation => types::collation(world, gene),
        Sort::Enum => types::enumeration(world, gene),
        Sort::Domain => types::domain(world, gene),
        Sort::Composite => types::composite(world, gene),
        Sort::Range => types::range(world, gene),
        Sort::Function => code::function(world, gene),
        Sort::Aggregate => code::aggregate(world, gene),
        Sort::Operator => code::operator(world, gene),
        Sort::Cast => code::cast(world, gene),
        Sort::Trigger => code::trigger(world, gene),
        Sort::Rule => code::rule(world, gene),
        Sort::EventTrigger => code::event_trigger(world, gene),
        Sort::Sequence => rest::sequence(world, gene),
        Sort::Server => rest::server(world, gene),
        Sort::Search => rest::search(world, gene),
        Sort::Publication => rest::publication(world, gene),
        Sort::Table => tables::table(world, gene),
        Sort::Column => tables::column(world, gene),
        Sort::Partition => tables::partition(world, gene),
        Sort::Default => tables::default(world, gene),
        Sort::Constraint => tables::constraint(world, gene),
        Sort::Setting => tables::setting(world, gene),
        Sort::Index => readers::index(world, gene),
        Sort::View => readers::view(world, gene),
        Sort::MatView => readers::materialized_view(world, gene),
        Sort::Statistics => readers::statistics(world, gene),
        Sort::Policy => readers::policy(world, gene),
        Sort::DefaultPrivileges => facets::default_privileges(world, gene),
        Sort::Owner => facets::owner(world, gene),
        Sort::Grant => facets::grant(world, gene),
        Sort::Comment => facets::comment(world, gene),
    }
}
