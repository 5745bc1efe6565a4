//! Files: configuration and models. The only room that opens them.
