/** The version of the runtime specification that the schema follows and that written configurations name. */
export const SPEC_VERSION = '1.3.0';

/** What `ociVersion` may be, in words. */
export const SUPPORTED_VERSIONS = '1.0.0 up to but not including 2.0.0';
