-- The schema of ../../models.toml, as `aludel upgrade` makes it.

CREATE TYPE post_status AS ENUM ('draft', 'published', 'archived');

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email varchar(255) NOT NULL UNIQUE,
    username varchar(50) NOT NULL UNIQUE,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    bio text
);
COMMENT ON TABLE users IS 'People who can sign in';

CREATE TABLE posts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    title varchar(200) NOT NULL CONSTRAINT title_not_blank CHECK (length(title) > 0),
    body text NOT NULL,
    status post_status DEFAULT 'draft' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL
);
COMMENT ON TABLE posts IS 'What users write';
CREATE INDEX posts_user_id_idx ON posts (user_id);
CREATE INDEX posts_feed ON posts (user_id, created_at DESC) WHERE status = 'published';

CREATE TABLE tags (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(50) NOT NULL UNIQUE
);

CREATE TABLE post_tags (
    post_id bigint REFERENCES posts ON DELETE CASCADE,
    tag_id integer REFERENCES tags ON DELETE CASCADE,
    PRIMARY KEY (post_id, tag_id)
);
