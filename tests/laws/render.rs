//! Genes to SQL, one function a sort. What a gene makes is noted in the world for those that come after it.

mod code;
mod facets;
mod rare;
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

pub fn script(genes: &[Gene], version: u32) -> Script {
    let mut world = World::new(version);
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
        Sort::Language => rare::language(world, gene),
        Sort::BaseType => rare::base_type(world, gene),
        Sort::AccessMethod => rare::access_method(world, gene),
        Sort::Wrapper => rare::wrapper(world, gene),
        Sort::Conversion => rare::conversion(world, gene),
        Sort::SearchPart => rare::search_part(world, gene),
        Sort::UserMapping => rare::user_mapping(world, gene),
        Sort::LargeAggregate => rare::large_aggregate(world, gene),
        Sort::OperatorClass => rare::operator_class(world, gene),
        Sort::OwnIndex => rare::own_index(world, gene),
        Sort::Transform => rare::transform(world, gene),
        Sort::Subscription => rare::subscription(world, gene),
        Sort::Modern => rare::modern(world, gene),
    }
}
