-- case: extensions come with their objects used at once, and go
CREATE EXTENSION hstore; CREATE TABLE t (a hstore); CREATE INDEX i ON t USING gin (a);
-- after
CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE TABLE t (a citext DEFAULT 'x', b text); CREATE INDEX i ON t USING gin (b gin_trgm_ops); CREATE FUNCTION f(citext) RETURNS citext LANGUAGE sql AS 'SELECT $1'; CREATE DOMAIN d AS citext CHECK (VALUE <> '');
-- case: an extension changes its schema and its comment
CREATE SCHEMA a; CREATE SCHEMA b; CREATE EXTENSION hstore SCHEMA a; CREATE TABLE t (h a.hstore);
-- after
CREATE SCHEMA a; CREATE SCHEMA b; CREATE EXTENSION hstore SCHEMA b; CREATE TABLE t (h b.hstore); COMMENT ON EXTENSION hstore IS 'h';
-- case: extensions that need others
CREATE TABLE t (a int);
-- after
CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE TABLE t (a int, b cube); CREATE VIEW v AS SELECT earth() AS e; CREATE INDEX i ON t USING gist (b);
-- case: an extension's schema comes with it, of an odd name
CREATE TABLE t (a int);
-- after
CREATE SCHEMA "E x"; CREATE EXTENSION "uuid-ossp" SCHEMA "E x"; CREATE EXTENSION btree_gin; CREATE TABLE t (a int, u uuid DEFAULT "E x".uuid_generate_v4()); CREATE INDEX i ON t USING gin (a);
-- case: publications of every sort change into each other (15)
CREATE TABLE t (a int PRIMARY KEY); CREATE SCHEMA s; CREATE PUBLICATION a FOR TABLE t; CREATE PUBLICATION b FOR ALL TABLES; CREATE PUBLICATION c FOR TABLES IN SCHEMA s; CREATE PUBLICATION d;
-- after
CREATE TABLE t (a int PRIMARY KEY); CREATE SCHEMA s; CREATE PUBLICATION a FOR ALL TABLES; CREATE PUBLICATION b FOR TABLE t; CREATE PUBLICATION c FOR TABLE t WHERE (a > 1); CREATE PUBLICATION d FOR TABLES IN SCHEMA s, TABLE t;
-- case: options, owner, comment of publications
CREATE PUBLICATION a; CREATE PUBLICATION b WITH (publish = 'insert,delete'); CREATE PUBLICATION c WITH (publish_via_partition_root = true);
-- after
CREATE PUBLICATION a WITH (publish = 'truncate', publish_via_partition_root); CREATE PUBLICATION b; CREATE PUBLICATION c; COMMENT ON PUBLICATION c IS 'c'; ALTER PUBLICATION c OWNER TO pg_monitor; CREATE PUBLICATION "D d" WITH (publish = '');
-- case: published columns and conditions come, change, go; a published column is dropped and another made (15)
CREATE TABLE t (a int PRIMARY KEY, b int, c text); CREATE TABLE u (x int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t (a, b), TABLE u WHERE (x > 0);
-- after
CREATE TABLE t (a int PRIMARY KEY, c text, d int); CREATE TABLE u (x int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t (a, c, d), TABLE u WHERE (x > 1 AND x <> 5);
-- case: a published table moves, is partitioned, is another of the name (15)
CREATE SCHEMA s; CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE q (a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t, TABLE q;
-- after
CREATE SCHEMA s; CREATE TABLE s.t (a int PRIMARY KEY); CREATE TABLE q (a int PRIMARY KEY) PARTITION BY LIST (a); CREATE TABLE q1 PARTITION OF q DEFAULT; CREATE PUBLICATION p FOR TABLE s.t, TABLE q;
-- case: foreign wrappers, servers, mappings, tables with options that come, change and go
CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', b '2'); CREATE SERVER s TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (x '1'); CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (u '1'); CREATE FOREIGN TABLE f (a int OPTIONS (n 'x'), b int) SERVER s OPTIONS (t '1');
-- after
CREATE FOREIGN DATA WRAPPER w OPTIONS (b '3', c 'it''s'); CREATE SERVER s TYPE 't' VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (x '2', "Y y" '3'); CREATE USER MAPPING FOR pg_monitor SERVER s; CREATE FOREIGN TABLE f (a int OPTIONS (m 'y'), b int OPTIONS ("N n" 'z')) SERVER s OPTIONS (t '2', u '3');
-- case: a wrapper's handler and validator
CREATE EXTENSION file_fdw; CREATE FOREIGN DATA WRAPPER w HANDLER file_fdw_handler;
-- after
CREATE EXTENSION file_fdw; CREATE FOREIGN DATA WRAPPER w HANDLER file_fdw_handler VALIDATOR file_fdw_validator; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a text) SERVER s OPTIONS (filename '/dev/null', format 'csv');
-- case: columns of foreign tables change
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int, b varchar(5) NOT NULL, c int DEFAULT 1, CHECK (a > 0)) SERVER s; CREATE VIEW v AS SELECT b FROM f; COMMENT ON COLUMN f.a IS 'a';
-- after
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a bigint, b text, d int DEFAULT 2 NOT NULL, g int GENERATED ALWAYS AS (d) STORED, CONSTRAINT k CHECK (d > 0) NO INHERIT) SERVER s; CREATE VIEW v AS SELECT b FROM f; ALTER FOREIGN TABLE f ALTER a SET STATISTICS 5;
-- case: a foreign table's server, and a server's wrapper, are others
CREATE FOREIGN DATA WRAPPER w; CREATE FOREIGN DATA WRAPPER x; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE SERVER r FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int) SERVER s; GRANT SELECT ON f TO pg_monitor; COMMENT ON FOREIGN TABLE f IS 'f'; CREATE USER MAPPING FOR PUBLIC SERVER r OPTIONS (a '1');
-- after
CREATE FOREIGN DATA WRAPPER w; CREATE FOREIGN DATA WRAPPER x; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE SERVER r FOREIGN DATA WRAPPER x; CREATE FOREIGN TABLE f (a int) SERVER r; GRANT SELECT ON f TO pg_monitor; COMMENT ON FOREIGN TABLE f IS 'f'; CREATE USER MAPPING FOR PUBLIC SERVER r OPTIONS (a '1');
-- case: dictionaries of every template
CREATE TEXT SEARCH DICTIONARY a (TEMPLATE = simple);
-- after
CREATE TEXT SEARCH DICTIONARY a (TEMPLATE = simple, accept = false, stopwords = english); CREATE TEXT SEARCH DICTIONARY b (TEMPLATE = snowball, language = french, stopwords = french); CREATE TEXT SEARCH DICTIONARY c (TEMPLATE = synonym, synonyms = synonym_sample); CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = thesaurus, dictfile = thesaurus_sample, dictionary = english_stem); CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = ispell, dictfile = ispell_sample, afffile = ispell_sample, stopwords = english); CREATE SCHEMA s; CREATE TEXT SEARCH DICTIONARY s."F f" (TEMPLATE = simple); COMMENT ON TEXT SEARCH DICTIONARY s."F f" IS 'f';
-- case: mappings of a configuration come, change their order and go
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (COPY = english); CREATE TEXT SEARCH CONFIGURATION e (PARSER = "default");
-- after
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c (COPY = english); ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d, english_stem; ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH english_stem, simple; ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR email, host; CREATE TEXT SEARCH CONFIGURATION e (PARSER = "default"); ALTER TEXT SEARCH CONFIGURATION e ADD MAPPING FOR int WITH d;
-- case: a configuration in another schema that an index, a generated column and a function name
CREATE SCHEMA s; CREATE TEXT SEARCH CONFIGURATION s.c (COPY = simple); CREATE TABLE t (a text);
-- after
CREATE SCHEMA s; CREATE TEXT SEARCH CONFIGURATION s.c (COPY = english); CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('s.c'::regconfig, a)) STORED); CREATE INDEX i ON t USING gin (to_tsvector('s.c'::regconfig, a)); CREATE FUNCTION f(text) RETURNS tsquery LANGUAGE sql IMMUTABLE RETURN to_tsquery('s.c'::regconfig, $1);
-- case: collations of every provider, and what they are used by
CREATE COLLATION a (provider = icu, locale = 'de-u-co-phonebk'); CREATE TABLE t (x text COLLATE a);
-- after
CREATE COLLATION a (provider = icu, locale = 'sv'); CREATE COLLATION b (provider = icu, locale = 'und', deterministic = false); CREATE COLLATION c (provider = libc, locale = 'POSIX'); CREATE COLLATION "D d" FROM "C"; COMMENT ON COLLATION "D d" IS 'd'; CREATE TABLE t (x text COLLATE a, y text COLLATE b UNIQUE, z text COLLATE "D d" DEFAULT 'q'); CREATE INDEX i ON t (x COLLATE c, (x || z) COLLATE b); CREATE DOMAIN d AS text COLLATE b; CREATE VIEW v AS SELECT x COLLATE c AS x FROM t ORDER BY z COLLATE a; CREATE TYPE ct AS (q text COLLATE b);
-- case: casts of every method and context
CREATE TYPE a AS (x int); CREATE TYPE b AS ENUM ('b'); CREATE FUNCTION ab(a) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x'''; CREATE CAST (a AS text) WITH FUNCTION ab(a);
-- after
CREATE TYPE a AS (x int); CREATE TYPE b AS ENUM ('b'); CREATE FUNCTION ab(a) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x'''; CREATE CAST (a AS text) WITH FUNCTION ab(a) AS IMPLICIT; CREATE CAST (b AS bytea) WITH INOUT AS ASSIGNMENT; CREATE DOMAIN d AS int; CREATE TYPE e AS (x int); CREATE CAST (a AS e) WITH INOUT; COMMENT ON CAST (b AS bytea) IS 'cast';
-- case: an operator's every option, in a schema of its own
CREATE SCHEMA o; CREATE FUNCTION o.f(box, box) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR o.@@@ (FUNCTION = o.f, LEFTARG = box, RIGHTARG = box);
-- after
CREATE SCHEMA o; CREATE FUNCTION o.f(box, box) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR o.@@@ (FUNCTION = o.f, LEFTARG = box, RIGHTARG = box, COMMUTATOR = OPERATOR(o.@@@), RESTRICT = contsel, JOIN = contjoinsel); CREATE OPERATOR o.!@ (FUNCTION = o.f, LEFTARG = box, RIGHTARG = box, NEGATOR = OPERATOR(o.@@@)); COMMENT ON OPERATOR o.@@@ (box, box) IS 'x'; CREATE TABLE t (a box, CHECK (a OPERATOR(o.@@@) a)); CREATE VIEW v AS SELECT a OPERATOR(o.!@) a AS b FROM t;
-- case: operator classes and families with an index on them come and go
CREATE OPERATOR CLASS a FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int); CREATE TABLE t (x int, y text); CREATE INDEX i ON t (x a);
-- after
CREATE SCHEMA s; CREATE OPERATOR FAMILY s.fam USING hash; CREATE OPERATOR CLASS s."B b" FOR TYPE text USING hash FAMILY s.fam AS OPERATOR 1 =, FUNCTION 1 hashtext(text); CREATE TABLE t (x int, y text); CREATE INDEX i ON t USING hash (y s."B b"); COMMENT ON OPERATOR CLASS s."B b" USING hash IS 'b';
-- case: a conversion's encodings and function
CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
-- after
CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; CREATE SCHEMA s; CREATE DEFAULT CONVERSION s."C c" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; COMMENT ON CONVERSION s."C c" IS 'c';
-- case: languages and transforms are trusted or not
CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE LANGUAGE l HANDLER h;
-- after
CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'; CREATE TRUSTED LANGUAGE l HANDLER h; CREATE TRANSFORM FOR int LANGUAGE l (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
-- case: schemas with owners, comments and privileges come and go with all that is in them
CREATE SCHEMA gone; CREATE TABLE gone.t (a int); CREATE VIEW v AS SELECT a FROM gone.t; COMMENT ON SCHEMA gone IS 'x';
-- after
CREATE SCHEMA "N n" AUTHORIZATION pg_monitor; COMMENT ON SCHEMA "N n" IS 'n'; GRANT USAGE ON SCHEMA "N n" TO PUBLIC; CREATE TABLE "N n".t (a int); CREATE VIEW v AS SELECT a FROM "N n".t;
-- case: a function takes the place of an extension's, and what calls it changes
CREATE EXTENSION pgcrypto; CREATE TABLE t (a text DEFAULT gen_salt('bf'));
-- after
CREATE FUNCTION gen_salt(text) RETURNS text LANGUAGE sql AS 'SELECT $1'; CREATE TABLE t (a text DEFAULT gen_salt('md5'));
