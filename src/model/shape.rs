//! The macros that make a type from one declaration, with its decoding, JSON Schema and documentation.

/// A table with known keys. `| Short = function` lists what may be written in place of the table; the first whose
/// TOML type fits is decoded and given to the function. Doc comments become the documentation.
macro_rules! shape {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident $(| $short:ty = $make:path)* {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            /// Where it stands: its key, or the whole of it in a list.
            pub at: $crate::model::diagnostic::Span,
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// Its keys.
            pub const KEYS: &'static [&'static str] = &[$($crate::model::form::key(stringify!($field))),*];

            /// What it looks like.
            pub fn record() -> $crate::model::form::Record {
                $crate::model::form::Record {
                    name: stringify!($name),
                    doc: $crate::model::form::doc(&[$($doc),*]),
                    short: vec![$(<$short as $crate::model::decode::Shape>::form()),*],
                    fields: vec![$($crate::model::form::Field {
                        key: $crate::model::form::key(stringify!($field)),
                        doc: $crate::model::form::doc(&[$($field_doc),*]),
                        form: <$type as $crate::model::decode::Shape>::form(),
                        required: <$type as $crate::model::decode::Shape>::absent().is_none(),
                    }),*],
                }
            }
        }

        impl $crate::model::decode::Shape for $name {
            const ACCEPTS: $crate::model::decode::Accepts =
                $crate::model::decode::TABLE $(| <$short as $crate::model::decode::Shape>::ACCEPTS)*;

            fn form() -> $crate::model::form::Form {
                $crate::model::form::Form::either(vec![
                    $(<$short as $crate::model::decode::Shape>::form(),)*
                    $crate::model::form::Form::Table($name::record),
                ])
            }

            fn decode(node: $crate::model::decode::Node<'_>, cx: &mut $crate::model::decode::Cx) -> Self {
                $(if node.is(<$short as $crate::model::decode::Shape>::ACCEPTS) {
                    let short = <$short as $crate::model::decode::Shape>::decode(node, cx);
                    return $name { at: node.key, ..$make(short) };
                })*
                let Some(entries) = cx.table(node, &Self::form()) else {
                    return $name { at: node.key, ..Default::default() };
                };
                let value = $name {
                    at: node.key,
                    $($field: entries.take($crate::model::form::key(stringify!($field)), cx),)*
                };
                entries.refuse_others(Self::KEYS, cx);
                value
            }
        }
    };
}

/// One of a few words.
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $(#[doc = $first_doc:literal])* $first:ident = $first_word:literal, $($(#[doc = $word_doc:literal])* $variant:ident = $word:literal,)* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name { #[default] $(#[doc = $first_doc])* $first, $($(#[doc = $word_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$name::$first, $($name::$variant),*];

            /// As written in TOML; in upper case, as written in SQL.
            pub fn word(self) -> &'static str {
                match self { $name::$first => $first_word, $($name::$variant => $word),* }
            }
        }

        impl $crate::model::decode::Shape for $crate::model::diagnostic::Spanned<$name> {
            const ACCEPTS: $crate::model::decode::Accepts = $crate::model::decode::STRING;

            fn form() -> $crate::model::form::Form {
                $crate::model::form::Form::Words(vec![
                    ($first_word, $crate::model::form::doc(&[$($first_doc),*])),
                    $(($word, $crate::model::form::doc(&[$($word_doc),*])),)*
                ])
            }

            fn decode(node: $crate::model::decode::Node<'_>, cx: &mut $crate::model::decode::Cx) -> Self {
                let known = $name::ALL.iter().map(|word| (word.word(), *word));
                let value = $crate::model::decode::word(node, &Self::form(), known.collect(), cx).unwrap_or_default();
                $crate::model::diagnostic::Spanned { value, span: node.span }
            }
        }

        impl Default for $crate::model::diagnostic::Spanned<$name> {
            fn default() -> Self {
                $crate::model::diagnostic::Spanned { value: $name::default(), span: Default::default() }
            }
        }
    };
}

pub(crate) use {shape, words};
