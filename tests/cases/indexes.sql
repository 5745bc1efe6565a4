-- case: an index becomes unique, another is no longer
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b);
-- after
CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX i ON t (a); CREATE INDEX j ON t (b);
-- case: an index changes its method, its order, its class, its collation, its predicate, what it includes
CREATE TABLE t (a int, b text, c int); CREATE INDEX i1 ON t (a); CREATE INDEX i2 ON t (a, c); CREATE INDEX i3 ON t (b); CREATE INDEX i4 ON t (b); CREATE INDEX i5 ON t (a) WHERE c > 0; CREATE INDEX i6 ON t (a) INCLUDE (c);
-- after
CREATE TABLE t (a int, b text, c int); CREATE INDEX i1 ON t USING hash (a); CREATE INDEX i2 ON t (a DESC, c NULLS FIRST); CREATE INDEX i3 ON t (b text_pattern_ops); CREATE INDEX i4 ON t (b COLLATE "C"); CREATE INDEX i5 ON t (a) WHERE c > 1; CREATE INDEX i6 ON t (a) INCLUDE (b);
-- case: storage parameters of every method
CREATE TABLE t (a int, b int[], c point, d text); CREATE INDEX i1 ON t (a) WITH (fillfactor = 90); CREATE INDEX i2 ON t USING gin (b); CREATE INDEX i3 ON t USING gist (c) WITH (buffering = on); CREATE INDEX i4 ON t USING brin (a); CREATE INDEX i5 ON t USING hash (a) WITH (fillfactor = 50); CREATE INDEX i6 ON t USING spgist (c);
-- after
CREATE TABLE t (a int, b int[], c point, d text); CREATE INDEX i1 ON t (a) WITH (fillfactor = 80, deduplicate_items = off); CREATE INDEX i2 ON t USING gin (b) WITH (fastupdate = off, gin_pending_list_limit = 128); CREATE INDEX i3 ON t USING gist (c); CREATE INDEX i4 ON t USING brin (a) WITH (pages_per_range = 64, autosummarize = on); CREATE INDEX i5 ON t USING hash (a); CREATE INDEX i6 ON t USING spgist (c) WITH (fillfactor = 70);
-- case: statistics of expression columns, many of them
CREATE TABLE t (a int, b int); CREATE INDEX i ON t ((a + 1), (b + 1), a); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 10; ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 20;
-- after
CREATE TABLE t (a int, b int); CREATE INDEX i ON t ((a + 1), (b + 1), a); ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 30; CREATE INDEX j ON t ((a - 1)); ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 0;
-- case: classes with parameters
CREATE EXTENSION pg_trgm; CREATE TABLE t (a text, b tsvector, c int);
-- after
CREATE EXTENSION pg_trgm; CREATE TABLE t (a text, b tsvector, c int); CREATE INDEX i ON t USING gist (a gist_trgm_ops (siglen = 64), b tsvector_ops (siglen = 100)); CREATE INDEX j ON t USING brin (c int4_bloom_ops (n_distinct_per_range = 50), c int4_minmax_multi_ops (values_per_range = 16));
-- case: an index uses a function that changes its body, one that changes its volatility, one that goes
CREATE TABLE t (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE INDEX i ON t (f(a)); CREATE INDEX j ON t (g(a)) WHERE g(a) > 0;
-- after
CREATE TABLE t (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1 + 1'; CREATE INDEX i ON t (f(a)); CREATE INDEX j ON t (f(a)) WHERE f(a) > 0;
-- case: an index moves to another table under its name
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON t (a);
-- after
CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON u (a);
-- case: the same index under another name beside others like it
CREATE TABLE t (a int); CREATE INDEX one ON t (a); CREATE INDEX two ON t (a);
-- after
CREATE TABLE t (a int); CREATE INDEX two ON t (a); CREATE INDEX three ON t (a); CREATE INDEX four ON t (a DESC);
-- case: an index's comment, clustering and replica identity change hands
CREATE TABLE t (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b); COMMENT ON INDEX i IS 'i'; ALTER TABLE t CLUSTER ON i; ALTER TABLE t REPLICA IDENTITY USING INDEX i;
-- after
CREATE TABLE t (a int NOT NULL, b int NOT NULL); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b); COMMENT ON INDEX j IS 'j'; ALTER TABLE t CLUSTER ON j; ALTER TABLE t REPLICA IDENTITY USING INDEX j;
-- case: replica identity full, nothing, by index, by primary key
CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (x int PRIMARY KEY); CREATE TABLE c (x int NOT NULL, CONSTRAINT cu UNIQUE (x)); ALTER TABLE b REPLICA IDENTITY FULL; ALTER TABLE c REPLICA IDENTITY USING INDEX cu;
-- after
CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (x int PRIMARY KEY); CREATE TABLE c (x int NOT NULL, CONSTRAINT cu UNIQUE (x)); ALTER TABLE a REPLICA IDENTITY NOTHING; ALTER TABLE b REPLICA IDENTITY USING INDEX b_pkey; ALTER TABLE c REPLICA IDENTITY FULL;
-- case: an index with everything that expressions can have
CREATE TABLE t (a text, b jsonb, c timestamptz, d text[], e int);
-- after
CREATE TABLE t (a text, b jsonb, c timestamptz, d text[], e int); CREATE INDEX i1 ON t ((b -> 'x' ->> 'y'), ((c AT TIME ZONE 'UTC')::date), (a IS NULL), (coalesce(e, 0) % 10), lower(btrim(a)) COLLATE "C" DESC); CREATE INDEX i2 ON t USING gin ((b -> 'tags') jsonb_path_ops, (d || '{x}')); CREATE INDEX i3 ON t ((CASE WHEN e > 0 THEN a END)) WHERE a IS NOT NULL AND (e IN (1, 2, 3) OR b ? 'k') AND c > '2020-01-01+00'; CREATE INDEX i4 ON t (((e)::numeric / 2), (d[1]), ("left"(a, 3)));
-- case: an index on a column that is dropped and made again, and one on the row
CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b); CREATE INDEX j ON t (a, b);
-- after
CREATE TABLE t (a int, b text); CREATE INDEX i ON t (b); CREATE INDEX j ON t (a, b DESC);
-- case: indexes of materialized views change
CREATE TABLE t (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; CREATE INDEX i ON m (a); CREATE UNIQUE INDEX j ON m (b); ALTER MATERIALIZED VIEW m CLUSTER ON i;
-- after
CREATE TABLE t (a int, b int); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; CREATE INDEX i ON m (a DESC); CREATE INDEX j ON m ((a + b)); ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 8; CREATE UNIQUE INDEX k ON m (a, b); COMMENT ON INDEX k IS 'k'; ALTER MATERIALIZED VIEW m CLUSTER ON k;
-- case: an index's name is as long as names can be, and has quotes
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int); CREATE INDEX "i ""quoted"" and. long 0123456789012345678901234567890123456789" ON t (a); CREATE INDEX "I" ON t (a DESC); CREATE INDEX "select" ON t ((a + 1));
