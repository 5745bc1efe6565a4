-- aludel:revision
-- revision = "0001c0ffee01"
-- message = "create the blog"
-- created_at = "2026-11-25T00:41:14Z"

CREATE TYPE public.post_status AS ENUM (
    'draft',
    'published',
    'archived'
);

CREATE TABLE public.tags (
    id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    name character varying(50) NOT NULL,
    CONSTRAINT tags_name_key UNIQUE (name),
    CONSTRAINT tags_pkey PRIMARY KEY (id)
);

CREATE TABLE public.users (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    email character varying(255) NOT NULL,
    username character varying(50) NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    bio text,
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_username_key UNIQUE (username)
);

COMMENT ON TABLE public.users IS 'People who can sign in';

CREATE TABLE public.posts (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    user_id bigint NOT NULL,
    title character varying(200) NOT NULL,
    body text NOT NULL,
    status public.post_status DEFAULT 'draft'::public.post_status NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT posts_pkey PRIMARY KEY (id),
    CONSTRAINT posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE,
    CONSTRAINT title_not_blank CHECK ((length((title)::text) > 0))
);

COMMENT ON TABLE public.posts IS 'What users write';

CREATE TABLE public.post_tags (
    post_id bigint NOT NULL,
    tag_id integer NOT NULL,
    CONSTRAINT post_tags_pkey PRIMARY KEY (post_id, tag_id),
    CONSTRAINT post_tags_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE,
    CONSTRAINT post_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES public.tags(id) ON DELETE CASCADE
);

CREATE INDEX posts_feed ON public.posts USING btree (user_id, created_at DESC) WHERE (status = 'published'::public.post_status);

CREATE INDEX posts_user_id_idx ON public.posts USING btree (user_id);

CREATE VIEW public.active_users AS
 SELECT users.id,
    users.email
   FROM public.users
  WHERE users.is_active;
