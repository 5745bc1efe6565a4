-- case: soft deletion comes to an application
CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE); CREATE VIEW active AS SELECT id, email FROM users;
-- after
CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL, deleted_at timestamptz); CREATE UNIQUE INDEX users_email ON users (lower(email)) WHERE deleted_at IS NULL; CREATE VIEW active AS SELECT id, email FROM users WHERE deleted_at IS NULL;
-- case: a column is split into two, and a table into two
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, street text, city text);
-- after
CREATE TABLE people (id int PRIMARY KEY, first_name text NOT NULL DEFAULT '', last_name text NOT NULL DEFAULT ''); CREATE TABLE addresses (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person_id int NOT NULL REFERENCES people ON DELETE CASCADE, street text, city text); CREATE INDEX ON addresses (person_id);
-- case: a lookup table takes the place of an enum
CREATE TYPE status AS ENUM ('open', 'done'); CREATE TABLE tasks (id int PRIMARY KEY, status status NOT NULL DEFAULT 'open'); CREATE INDEX tasks_status ON tasks (status);
-- after
CREATE TABLE statuses (name text PRIMARY KEY); CREATE TABLE tasks (id int PRIMARY KEY, status text NOT NULL DEFAULT 'open' REFERENCES statuses); CREATE INDEX tasks_status ON tasks (status);
-- case: every timestamp gets its zone under views, indexes, triggers and partitions
CREATE TABLE a (id int, at timestamp DEFAULT now()); CREATE INDEX i ON a (at); CREATE VIEW v AS SELECT date_trunc('day', at) AS d FROM a; CREATE TABLE p (at timestamp, x int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE a (id int, at timestamptz DEFAULT now()); CREATE INDEX i ON a (at); CREATE VIEW v AS SELECT date_trunc('day', at) AS d FROM a; CREATE TABLE p (at timestamptz, x int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- case: all ids become bigger
CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY, a_id int NOT NULL REFERENCES a); CREATE TABLE c (a_id int REFERENCES a, b_id int REFERENCES b, PRIMARY KEY (a_id, b_id)); CREATE VIEW v AS SELECT a.id, b.id AS b_id FROM a JOIN b ON b.a_id = a.id; CREATE FUNCTION f(int) RETURNS SETOF b LANGUAGE sql AS 'SELECT * FROM b WHERE a_id = $1';
-- after
CREATE TABLE a (id bigserial PRIMARY KEY); CREATE TABLE b (id bigserial PRIMARY KEY, a_id bigint NOT NULL REFERENCES a); CREATE TABLE c (a_id bigint REFERENCES a, b_id bigint REFERENCES b, PRIMARY KEY (a_id, b_id)); CREATE VIEW v AS SELECT a.id, b.id AS b_id FROM a JOIN b ON b.a_id = a.id; CREATE FUNCTION f(bigint) RETURNS SETOF b LANGUAGE sql AS 'SELECT * FROM b WHERE a_id = $1';
-- case: tenants come to every table, with row security
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
-- after
CREATE TABLE a (tenant uuid DEFAULT current_setting('app.tenant', true)::uuid, id int, PRIMARY KEY (tenant, id)); CREATE TABLE b (tenant uuid DEFAULT current_setting('app.tenant', true)::uuid, id int, a_id int, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, a_id) REFERENCES a); ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE b ENABLE ROW LEVEL SECURITY; CREATE POLICY tenant ON a USING (tenant = current_setting('app.tenant', true)::uuid); CREATE POLICY tenant ON b USING (tenant = current_setting('app.tenant', true)::uuid);
-- case: history tables with triggers
CREATE TABLE a (id int PRIMARY KEY, v text);
-- after
CREATE TABLE a (id int PRIMARY KEY, v text, updated_at timestamptz NOT NULL DEFAULT now()); CREATE TABLE a_history (LIKE a, operation text NOT NULL, at timestamptz DEFAULT clock_timestamp()); CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO a_history SELECT OLD.*, TG_OP; RETURN NULL; END $$; CREATE TRIGGER history AFTER UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION keep_history();
-- case: words are searched for
CREATE TABLE docs (id int PRIMARY KEY, title text, body text);
-- after
CREATE TABLE docs (id int PRIMARY KEY, title text, body text, words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', coalesce(title, '')), 'A') || setweight(to_tsvector('english', coalesce(body, '')), 'B')) STORED); CREATE INDEX docs_words ON docs USING gin (words); CREATE FUNCTION search(q text) RETURNS TABLE (id int, rank real) LANGUAGE sql STABLE AS $$ SELECT d.id, ts_rank(d.words, websearch_to_tsquery('english', q)) FROM docs d WHERE d.words @@ websearch_to_tsquery('english', q) ORDER BY 2 DESC $$;
-- case: many to many comes, with a view that counts
CREATE TABLE posts (id int PRIMARY KEY); CREATE TABLE tags (id int PRIMARY KEY, post_id int REFERENCES posts, name text);
-- after
CREATE TABLE posts (id int PRIMARY KEY); CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL UNIQUE); CREATE TABLE posts_tags (post_id int REFERENCES posts ON DELETE CASCADE, tag_id int REFERENCES tags ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id)); CREATE INDEX ON posts_tags (tag_id); CREATE VIEW tag_counts AS SELECT t.name, count(pt.post_id) AS n FROM tags t LEFT JOIN posts_tags pt ON pt.tag_id = t.id GROUP BY t.id;
-- case: a log is partitioned by month, its readers stay
CREATE TABLE log (at timestamptz NOT NULL DEFAULT now(), what text); CREATE INDEX log_at ON log (at); CREATE VIEW today AS SELECT what FROM log WHERE at > CURRENT_DATE; CREATE FUNCTION add(text) RETURNS void LANGUAGE sql AS 'INSERT INTO log (what) VALUES ($1)'; GRANT INSERT ON log TO pg_monitor;
-- after
CREATE TABLE log (at timestamptz NOT NULL DEFAULT now(), what text) PARTITION BY RANGE (at); CREATE TABLE log_rest PARTITION OF log DEFAULT; CREATE INDEX log_at ON log (at); CREATE VIEW today AS SELECT what FROM log WHERE at > CURRENT_DATE; CREATE FUNCTION add(text) RETURNS void LANGUAGE sql AS 'INSERT INTO log (what) VALUES ($1)'; GRANT INSERT ON log TO pg_monitor;
-- case: money is kept in cents
CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2) NOT NULL DEFAULT 0 CHECK (total >= 0)); CREATE VIEW totals AS SELECT sum(total) AS total FROM orders;
-- after
CREATE TABLE orders (id int PRIMARY KEY, total_cents bigint NOT NULL DEFAULT 0 CHECK (total_cents >= 0), currency char(3) NOT NULL DEFAULT 'EUR' CHECK (currency ~ '^[A-Z]{3}$'), total numeric GENERATED ALWAYS AS (total_cents / 100.0) STORED); CREATE VIEW totals AS SELECT currency, sum(total) AS total FROM orders GROUP BY currency;
-- case: names get a type of their own
CREATE TABLE a (email varchar(255), slug varchar(50)); CREATE TABLE b (email text); CREATE INDEX ON a (email);
-- after
CREATE EXTENSION citext; CREATE DOMAIN email AS citext CHECK (VALUE ~ '^[^@]+@[^@]+$'); CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9-]+$'); CREATE TABLE a (email email, slug slug); CREATE TABLE b (email email NOT NULL); CREATE INDEX ON a (email);
-- case: documents become columns
CREATE TABLE a (id int PRIMARY KEY, data json); CREATE INDEX ON a ((data ->> 'name'));
-- after
CREATE TABLE a (id int PRIMARY KEY, data jsonb NOT NULL DEFAULT '{}', name text GENERATED ALWAYS AS (data ->> 'name') STORED, size int); CREATE INDEX ON a (name); CREATE INDEX ON a USING gin (data jsonb_path_ops);
-- case: bookings that do not overlap
CREATE TABLE bookings (id int PRIMARY KEY, room int, starts timestamptz, ends timestamptz, CHECK (starts < ends));
-- after
CREATE EXTENSION btree_gist; CREATE TABLE bookings (id int PRIMARY KEY, room int NOT NULL, during tstzrange NOT NULL, cancelled boolean NOT NULL DEFAULT false, CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled), CHECK (NOT isempty(during)));
-- case: a queue with priorities and a notice
CREATE TABLE jobs (id serial PRIMARY KEY, payload text);
-- after
CREATE TYPE priority AS ENUM ('low', 'normal', 'high'); CREATE TABLE jobs (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL DEFAULT '{}', priority priority NOT NULL DEFAULT 'normal', run_at timestamptz NOT NULL DEFAULT now(), locked_by text, attempts smallint NOT NULL DEFAULT 0 CHECK (attempts < 25)); CREATE INDEX jobs_next ON jobs (priority DESC, run_at) WHERE locked_by IS NULL; CREATE FUNCTION notify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('jobs', NEW.id::text); RETURN NULL; END $$; CREATE TRIGGER notify AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION notify();
-- case: dashboards on materialized views that stand on each other
CREATE TABLE hits (at timestamptz, page text); CREATE MATERIALIZED VIEW daily AS SELECT date_trunc('day', at) AS day, count(*) AS n FROM hits GROUP BY 1;
-- after
CREATE TABLE hits (at timestamptz NOT NULL, page text NOT NULL, ms int); CREATE MATERIALIZED VIEW daily AS SELECT date_trunc('day', at) AS day, page, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median FROM hits GROUP BY 1, 2; CREATE UNIQUE INDEX daily_key ON daily (day, page); CREATE MATERIALIZED VIEW monthly AS SELECT date_trunc('month', day) AS month, sum(n) AS n FROM daily GROUP BY 1; CREATE UNIQUE INDEX monthly_key ON monthly (month); CREATE VIEW latest AS SELECT * FROM monthly ORDER BY month DESC LIMIT 1;
-- case: a serial becomes an identity and goes on from where it is
CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE TABLE u (id bigint GENERATED BY DEFAULT AS IDENTITY (START 100 MAXVALUE 500));
-- after
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int); CREATE SEQUENCE u_id_seq; CREATE TABLE u (id bigint NOT NULL DEFAULT nextval('u_id_seq')); ALTER SEQUENCE u_id_seq OWNED BY u.id;
-- case: a unique index becomes a key of its name, and keys change their columns
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int); CREATE UNIQUE INDEX t_a ON t (a); CREATE TABLE u (a int, b int, UNIQUE (a)); CREATE INDEX i ON u (a); CREATE INDEX j ON u (b);
-- after
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int, CONSTRAINT t_a UNIQUE (a)); CREATE TABLE u (a int, b int, CONSTRAINT u_b UNIQUE (b, a)); CREATE INDEX i ON u (b); CREATE INDEX k ON u (a DESC);
-- case: a function of an index, a key and a column gets another body
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)'; CREATE TABLE t (a text CHECK (f(a) <> ''), g text GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX i ON t (f(a));
-- after
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)'; CREATE TABLE t (a text CHECK (f(a) <> ''), g text GENERATED ALWAYS AS (f(a)) STORED); CREATE INDEX i ON t (f(a));
-- case: a name that helps is taken
CREATE TABLE t (a int, CONSTRAINT a_is_set CHECK (a > 0));
-- after
CREATE TABLE t (a int NOT NULL, CONSTRAINT a_is_set CHECK (a > 0));
