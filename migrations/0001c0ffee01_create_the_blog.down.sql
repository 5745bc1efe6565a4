-- aludel:revision
-- revision = "0001c0ffee01"

DROP VIEW public.active_users;

-- hazard: data is lost: drops table public.post_tags with all its rows
-- count: SELECT count(*) FROM public.post_tags
DROP TABLE public.post_tags;

-- hazard: data is lost: drops table public.posts with all its rows
-- count: SELECT count(*) FROM public.posts
DROP TABLE public.posts;

-- hazard: data is lost: drops table public.tags with all its rows
-- count: SELECT count(*) FROM public.tags
DROP TABLE public.tags;

-- hazard: data is lost: drops table public.users with all its rows
-- count: SELECT count(*) FROM public.users
DROP TABLE public.users;

DROP TYPE public.post_status;
