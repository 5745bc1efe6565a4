//! What random schemas are made of: genes, and what becomes of each on the way to the second schema.
//!
//! A gene is a kind, a slot (which of a few names it takes) and dice. Every number is read so that zero is the plainest
//! choice, so that shrinking leads to plain schemas; a gene that finds nothing to stand on makes nothing.

use proptest::collection::vec;
use proptest::prelude::*;

/// One thing to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Gene {
    pub sort: Sort,
    pub slot: u8,
    /// Moves it before or after others of its rank.
    pub place: u8,
    pub dice: [u8; DICE],
}

pub const DICE: usize = 10;

/// What becomes of a gene in the second schema.
#[derive(Clone, Debug)]
pub enum Fate {
    Stays,
    Goes,
    Comes,
    /// Some of its numbers change: slot, place, then dice.
    Changes(Vec<(u8, u8)>),
}

pub type Life = (Gene, Fate);

/// The genes of both schemas.
pub fn sides(lives: &[Life]) -> [Vec<Gene>; 2] {
    let mut sides = [Vec::new(), Vec::new()];
    for (gene, fate) in lives {
        if !matches!(fate, Fate::Comes) {
            sides[0].push(gene.clone());
        }
        let mut later = gene.clone();
        match fate {
            Fate::Goes => continue,
            Fate::Changes(changes) => changes.iter().for_each(|&(which, to)| later.set(which, to)),
            Fate::Stays | Fate::Comes => {}
        }
        sides[1].push(later);
    }
    for side in &mut sides {
        side.sort_by_key(|gene| gene.sort.rank() as u16 * 16 + u16::from(gene.place));
    }
    sides
}

impl Gene {
    fn set(&mut self, which: u8, to: u8) {
        match which as usize % (DICE + 2) {
            0 => self.slot = to % SLOTS,
            1 => self.place = to / 2,
            die => self.dice[die - 2] = to,
        }
    }

    pub fn dice(&self) -> Dice<'_> {
        Dice { bytes: &self.dice, at: 0 }
    }
}

/// Reads the numbers of a gene one after the other.
pub struct Dice<'a> {
    bytes: &'a [u8; DICE],
    at: usize,
}

impl Dice<'_> {
    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes[self.at % DICE];
        let again = (self.at / DICE) as u8;
        self.at += 1;
        byte.wrapping_mul(1 + 2 * again)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) * end / 256
    }

    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }

    pub fn among<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

macro_rules! sorts {
    ($($name:ident $weight:literal),*; $($rare:ident $share:literal with $like:ident),* $(,)?) => {
        /// The sorts of gene, in the order in which they are usually made, and rare ones, each made with another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Sort { $($name,)* $($rare),* }

        impl Sort {
            fn rank(self) -> Sort {
                match self {
                    $(Sort::$rare => Sort::$like,)*
                    usual => usual,
                }
            }
        }

        fn sort() -> impl Strategy<Value = Sort> {
            prop_oneof![$($weight => Just(Sort::$name)),*]
        }

        fn rare() -> impl Strategy<Value = Sort> {
            prop_oneof![$($share => Just(Sort::$rare)),*]
        }
    };
}

sorts! {
    Schema 3, Extension 1, Collation 1, Enum 5, Domain 4, Composite 3, Range 2, Function 12, Sequence 3,
    Server 1, Table 12, Column 14, Partition 5, Default 5, Constraint 8, Index 7, View 10, MatView 4, Statistics 2,
    Aggregate 2, Operator 2, Cast 1, Search 1, Trigger 5, Rule 2, Policy 4, Setting 4, Publication 2, EventTrigger 1,
    DefaultPrivileges 1, Owner 2, Grant 3, Comment 4;
    Language 2 with Extension, BaseType 3 with Extension, AccessMethod 2 with Extension, Wrapper 1 with Extension,
    Conversion 1 with Extension, SearchPart 2 with Extension, UserMapping 1 with Server, LargeAggregate 1 with Aggregate,
    OperatorClass 3 with Sequence, OwnIndex 3 with Index, Transform 1 with Operator, Subscription 1 with Publication,
    Modern 4 with Constraint,
}

pub const SLOTS: u8 = 5;

fn gene(sort: impl Strategy<Value = Sort>) -> impl Strategy<Value = Gene> {
    (sort, 0..SLOTS, prop_oneof![2 => Just(0), 1 => 0..128_u8], any::<[u8; DICE]>())
        .prop_map(|(sort, slot, place, dice)| Gene { sort, slot, place, dice })
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        12 => Just(Fate::Stays),
        2 => Just(Fate::Goes),
        2 => Just(Fate::Comes),
        5 => vec((any::<u8>(), any::<u8>()), 1..4).prop_map(Fate::Changes),
    ]
}

/// A pair of schemas.
pub fn lives() -> impl Strategy<Value = Vec<Life>> {
    let usual = vec((gene(sort()), fate()), 2..40);
    (usual, vec((gene(rare()), fate()), 0..4)).prop_map(|(usual, rare)| [usual, rare].concat())
}
