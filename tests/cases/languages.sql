-- case: a language with functions in it
-- after
CREATE FUNCTION call() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION check_it(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE pl HANDLER call INLINE inline VALIDATOR check_it; COMMENT ON LANGUAGE pl IS 'ours';
REVOKE ALL ON LANGUAGE pl FROM PUBLIC; GRANT USAGE ON LANGUAGE pl TO pg_monitor;
CREATE FUNCTION f() RETURNS int LANGUAGE pl AS $$ BEGIN RETURN 1; END $$;
CREATE VIEW v AS SELECT f() AS a;
-- case: a language changes under its functions
CREATE FUNCTION call() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE TRUSTED LANGUAGE pl HANDLER call INLINE inline; COMMENT ON LANGUAGE pl IS 'one';
CREATE FUNCTION f() RETURNS int LANGUAGE pl AS $$ BEGIN RETURN 1; END $$;
-- after
CREATE FUNCTION call2() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION check_it(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE LANGUAGE pl HANDLER call2 VALIDATOR check_it; COMMENT ON LANGUAGE pl IS 'two';
CREATE FUNCTION f() RETURNS int LANGUAGE pl AS $$ BEGIN RETURN 1; END $$;
-- case: transforms
-- after
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
COMMENT ON TRANSFORM FOR int LANGUAGE sql IS 'numbers';
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql TRANSFORM FOR TYPE int AS 'SELECT a';
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION pair_to(internal) RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION pair_to(internal));
-- case: a transform changes under its function
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql TRANSFORM FOR TYPE int AS 'SELECT a';
-- after
CREATE FUNCTION other(internal) RETURNS internal LANGUAGE internal STABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION other(internal));
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql TRANSFORM FOR TYPE int AS 'SELECT a + 1';
-- case: access methods
CREATE TABLE kept (a int);
-- after
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; COMMENT ON ACCESS METHOD heap2 IS 'another heap';
CREATE ACCESS METHOD gist2 TYPE INDEX HANDLER gisthandler;
CREATE TABLE t (b box) USING heap2; CREATE TABLE kept (a int) USING heap2;
CREATE OPERATOR CLASS box2 DEFAULT FOR TYPE box USING gist2 AS OPERATOR 3 &&,
    FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 5 gist_box_penalty(internal, internal, internal), FUNCTION 6 gist_box_picksplit(internal, internal),
    FUNCTION 7 gist_box_same(box, box, internal);
CREATE INDEX i ON t USING gist2 (b);
-- case: an access method of indexes changes
CREATE ACCESS METHOD m TYPE INDEX HANDLER gisthandler; COMMENT ON ACCESS METHOD m IS 'one';
-- after
CREATE ACCESS METHOD m TYPE INDEX HANDLER ginhandler; COMMENT ON ACCESS METHOD m IS 'two';
-- case: text search parsers and templates
-- after
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH PARSER bare (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize); CREATE TEXT SEARCH TEMPLATE bare (LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH PARSER p IS 'parser'; COMMENT ON TEXT SEARCH TEMPLATE t IS 'template';
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t, stopwords = 'english');
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH d;
CREATE TABLE docs (body text); CREATE INDEX docs_words ON docs USING gin (to_tsvector('c', body));
-- case: a parser and a template change under what uses them
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE t (LEXIZE = dsimple_lexize); CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d;
-- after
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize); CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t, accept = 'false');
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d;
-- case: a language that somebody may use is no longer trusted
CREATE TRUSTED LANGUAGE mine HANDLER plpgsql_call_handler; GRANT USAGE ON LANGUAGE mine TO pg_monitor;
-- after
CREATE LANGUAGE mine HANDLER plpgsql_call_handler;
-- case: a function was made before the transform of its argument's type
CREATE TYPE c AS (x int); CREATE FUNCTION f(a c) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$; CREATE FUNCTION g(a int) RETURNS c LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRANSFORM FOR c LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal));
-- after
CREATE TYPE c AS (x int, y int); CREATE FUNCTION g(a int) RETURNS SETOF c LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT NULL; END $$; CREATE TRANSFORM FOR c LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal)); CREATE FUNCTION h(a c) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$;
