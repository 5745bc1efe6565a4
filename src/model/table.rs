//! Models: tables and what hangs on them.

use super::collection::{Map, Named, PathText, Some1};
use super::column::{Column, Setting};
use super::constraint::{Check, Exclusion, ForeignKey, PrimaryKey, Unique};
use super::decode::{Flag, Ident, Integer, Text};
use super::diagnostic::Spanned;
use super::index::Index;
use super::object::Privileges;
use super::shape::{shape, words};

shape! {
    /// A model: a table, and the Rust struct of one of its rows.
    pub struct Model {
        /// The table's name; the model's in snake_case and plural unless given (`BlogPost`: `blog_posts`).
        table: Option<PathText>,
        /// Its schema.
        schema: Option<Ident>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// Its columns, in order.
        columns: Map<Ident, Column>,
        /// Its primary key, where it has several columns or options.
        primary_key: Option<PrimaryKey>,
        /// Columns that are unique together, by the constraint's name or as a list.
        uniques: Named<Unique>,
        /// References to other models, by the constraint's name or as a list.
        foreign_keys: Named<ForeignKey>,
        /// Conditions that every row meets, by the constraint's name or as a list.
        checks: Named<Check>,
        /// Rows that exclude each other, by the constraint's name or as a list.
        exclusions: Named<Exclusion>,
        /// Indexes, by name or as a list.
        indexes: Named<Index>,
        /// Extended statistics, by name or as a list.
        statistics: Named<Statistics>,
        /// Triggers, by name.
        triggers: Map<Ident, Trigger>,
        /// Rules, by name.
        rules: Map<Ident, Rule>,
        /// Row security policies, by name.
        policies: Map<Ident, Policy>,
        /// Row security: true, false or `"forced"` (for the owner too).
        row_security: Option<RowSecurity>,
        /// How it is partitioned: `range (created_at)`.
        partition_by: Option<Text>,
        /// The model that it is a partition of: its columns are that one's, and stand below `columns` only to add to them,
        /// or all of them with their types where their order is another.
        partition_of: Option<Text>,
        /// Its rows as a partition: `from ('2026-01-01') to ('2027-01-01')`, `in (1, 2)`, `default`.
        for_values: Option<Text>,
        /// Partitions that need no more than their bounds, by table name; in the table's schema unless they say another.
        partitions: Map<PathText, Partition>,
        /// Models that it inherits from: their columns are its columns, and stand below `columns` only to add to them.
        inherits: Some1<Text>,
        /// The composite type that it is made of: its columns are the attributes, and stand below `columns` only to add to them.
        of_type: Option<Text>,
        /// It is not written to the log.
        unlogged: Option<Flag>,
        /// Storage parameters, those of its TOAST table with the prefix `toast.`.
        with: Map<Text, Setting>,
        /// Where it is stored.
        tablespace: Option<Ident>,
        /// Its access method.
        access_method: Option<Ident>,
        /// What replication sees of an old row: `"default"`, `"full"`, `"nothing"`, or `{ index = "…" }`.
        replica_identity: Option<ReplicaIdentity>,
        /// The index by which `CLUSTER` sorts it.
        cluster_on: Option<Ident>,
        /// The foreign server that has its rows.
        foreign: Option<Foreign>,
        /// What its rows have to do with those of other models.
        relationships: Map<Ident, Relationship>,
        /// What the table was called before, with its schema if it was in another one.
        renamed_from: Option<PathText>,
    }
}

shape! {
    /// A partition: its bounds, or a table.
    pub struct Partition | Text = partition_of {
        /// Its rows: `from ('2026-01-01') to ('2027-01-01')`, `in (1, 2)`, `default`.
        for_values: Text,
        /// How it is partitioned itself.
        partition_by: Option<Text>,
        /// Its own partitions, by table name.
        partitions: Map<PathText, Partition>,
        /// A comment.
        comment: Option<Text>,
        /// The role that owns it: managed where it is stated.
        owner: Option<Ident>,
        /// Who may do what with it: managed where it is stated. `{ app = ["select", "update (name)"], public = [] }`
        privileges: Option<Privileges>,
        /// Storage parameters.
        with: Map<Text, Setting>,
        /// Where it is stored.
        tablespace: Option<Ident>,
        /// It is not written to the log.
        unlogged: Option<Flag>,
        /// What it was called before.
        renamed_from: Option<PathText>,
    }
}

fn partition_of(for_values: Text) -> Partition {
    Partition { for_values, ..Default::default() }
}

words! {
    /// Whether row security is on.
    pub enum RowSecurityWord {
        /// For all but the owner.
        Enabled = "enabled",
        /// For the owner too.
        Forced = "forced",
        /// Not.
        Disabled = "disabled",
    }
}

shape! {
    /// Row security of a table.
    pub struct RowSecurity | Flag = row_security_of_flag | Spanned<RowSecurityWord> = row_security_of_word {
        /// It is on.
        enabled: Option<Flag>,
        /// And for the owner too.
        forced: Option<Flag>,
    }
}

fn row_security_of_flag(enabled: Flag) -> RowSecurity {
    RowSecurity { enabled: Some(enabled), ..Default::default() }
}

fn row_security_of_word(word: Spanned<RowSecurityWord>) -> RowSecurity {
    let flag = |value| Some(Flag { value, span: word.span });
    RowSecurity {
        enabled: flag(word.value != RowSecurityWord::Disabled),
        forced: flag(word.value == RowSecurityWord::Forced),
        ..Default::default()
    }
}

words! {
    /// What replication sees of an old row.
    pub enum ReplicaIdentityWord {
        /// Its primary key.
        Default = "default",
        /// All of it.
        Full = "full",
        /// Nothing.
        Nothing = "nothing",
    }
}

shape! {
    /// What replication sees of an old row.
    pub struct ReplicaIdentity | Spanned<ReplicaIdentityWord> = replica_identity_of {
        /// The columns of this unique index.
        index: Option<Ident>,
        /// A word in place of an index.
        rows: Option<Spanned<ReplicaIdentityWord>>,
    }
}

fn replica_identity_of(rows: Spanned<ReplicaIdentityWord>) -> ReplicaIdentity {
    ReplicaIdentity { rows: Some(rows), ..Default::default() }
}

shape! {
    /// Where the rows of a foreign table are: the server, or a table.
    pub struct Foreign | Ident = foreign_of {
        /// The foreign server.
        server: Ident,
        /// Options for it.
        options: Map<Text, Text>,
    }
}

fn foreign_of(server: Ident) -> Foreign {
    Foreign { server, ..Default::default() }
}

shape! {
    /// Extended statistics: a list of columns and expressions, or a table.
    pub struct Statistics | Some1<Text> = statistics_of {
        /// Columns and expressions.
        columns: Some1<Text>,
        /// `ndistinct`, `dependencies`, `mcv`; all of them unless given.
        kinds: Some1<Ident>,
        /// How much `ANALYZE` keeps.
        target: Option<Integer>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn statistics_of(columns: Some1<Text>) -> Statistics {
    Statistics { columns, ..Default::default() }
}

words! {
    /// When a trigger or rule fires.
    pub enum Firing {
        /// In ordinary sessions.
        Origin = "origin",
        /// In ordinary sessions and in replication.
        Always = "always",
        /// In replication only.
        Replica = "replica",
        /// Never.
        Disabled = "disabled",
    }
}

shape! {
    /// A trigger: what stands in SQL between its name and the table and behind it, or a table of keys.
    pub struct Trigger {
        /// `before`, `after` or `instead of`.
        when: Spanned<TriggerTime>,
        /// `insert`, `update`, `delete`, `truncate`; `update of a, b` for some columns.
        events: Some1<Text>,
        /// Once for each `row` or each `statement` (which it is unless given).
        each: Option<Spanned<TriggerLevel>>,
        /// Only where this holds.
        condition: Option<Text>,
        /// The function that it calls, with its arguments: `touch()`, `log_change('users')`.
        execute: Text,
        /// The name of the old rows, for the function.
        old_table: Option<Ident>,
        /// The name of the new rows, for the function.
        new_table: Option<Ident>,
        /// It is a constraint trigger.
        constraint: Option<Flag>,
        /// The other table of a constraint trigger.
        from: Option<Text>,
        /// It can fire at the end of the transaction.
        deferrable: Option<Flag>,
        /// It fires at the end of the transaction unless told otherwise.
        initially_deferred: Option<Flag>,
        /// In which sessions it fires.
        enabled: Option<Spanned<Firing>>,
        /// In which sessions its copies on some partitions fire, by table name.
        partitions: Map<PathText, Spanned<Firing>>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

words! {
    /// When a trigger fires.
    pub enum TriggerTime {
        /// Before the change.
        Before = "before",
        /// After it.
        After = "after",
        /// In its place, on views.
        InsteadOf = "instead of",
    }
}

words! {
    /// How often a trigger fires.
    pub enum TriggerLevel {
        /// Once a statement.
        Statement = "statement",
        /// Once a row.
        Row = "row",
    }
}

shape! {
    /// A rule: what stands in SQL behind `AS`, or a table.
    pub struct Rule | Text = rule_of {
        /// `on update to t do instead nothing`: what stands behind `AS`.
        definition: Text,
        /// In which sessions it works.
        enabled: Option<Spanned<Firing>>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

fn rule_of(definition: Text) -> Rule {
    Rule { definition, ..Default::default() }
}

words! {
    /// Which statements a policy is for.
    pub enum PolicyCommand {
        /// All.
        All = "all",
        /// Reading.
        Select = "select",
        /// New rows.
        Insert = "insert",
        /// Changed rows.
        Update = "update",
        /// Deleted rows.
        Delete = "delete",
    }
}

shape! {
    /// A row security policy.
    pub struct Policy {
        /// Which statements; all unless given.
        command: Option<Spanned<PolicyCommand>>,
        /// Which roles; `public` unless given.
        to: Some1<Ident>,
        /// Rows that are seen.
        using: Option<Text>,
        /// Rows that may be written.
        check: Option<Text>,
        /// It narrows what other policies allow.
        restrictive: Option<Flag>,
        /// A comment.
        comment: Option<Text>,
        /// What it was called before.
        renamed_from: Option<Ident>,
    }
}

words! {
    /// What becomes of the others when a row is deleted through its repository.
    pub enum Cascade {
        /// They are deleted first.
        Delete = "delete",
        /// Their references become null first.
        SetNull = "set null",
    }
}

shape! {
    /// What a model's rows have to do with those of another; exactly one of `has_many`, `has_one`, `belongs_to`.
    pub struct Relationship {
        /// Rows of this model that refer to this one.
        has_many: Option<Text>,
        /// The row of this model that refers to this one.
        has_one: Option<Text>,
        /// The row of this model that this one refers to.
        belongs_to: Option<Text>,
        /// The model in between, of many to many: it refers to both.
        through: Option<Text>,
        /// The referring column or columns, where there are several foreign keys.
        via: Some1<Ident>,
        /// What becomes of the others when a row is deleted.
        cascade: Option<Spanned<Cascade>>,
        /// Their order, as in SQL: `created_at desc`.
        order: Option<Text>,
        /// What it is, for the generated code's documentation.
        comment: Option<Text>,
    }
}
