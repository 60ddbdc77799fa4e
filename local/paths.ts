// The servers and the browsers' scripts share this file, so it imports nothing.

/** The app's page where the user requests a recovery link. */
export const RECOVERY_PAGE_PATH = '/';
/** The page that a recovery link opens: the tenant's registration redirect URI. */
export const REGISTRATION_PAGE_PATH = '/register';
/** The page that a link of the v1 platform opens: the vendor appends this path to the invoke URL. */
export const BIND_PAGE_PATH = '/bind';
/** The app's sign-in route, where a recovery ends. */
export const SIGN_IN_PAGE_PATH = '/sign-in';
/** The emails that the tenant sent, as a page. */
export const MAILBOX_PATH = '/mailbox';
/** The same as JSON. */
export const MAILBOX_JSON_PATH = '/mailbox.json';

/** The query parameter of a recovery link that holds its token. */
export const LINK_PARAMETER = 'token';

/** Prefix of the endpoints that control the simulation. */
export const CONTROL_PATH_PREFIX = '/simulation/';
/** The side panel's script. */
export const PANEL_SCRIPT_PATH = '/simulation/panel.js';
/** The side panel's style sheet. */
export const PANEL_STYLE_PATH = '/simulation/panel.css';
/** The configuration of the app's pages: the tenant's URL. */
export const CLIENT_CONFIG_PATH = '/simulation/config.json';
/** The service worker that hands the calls of the vendor's web SDK to the v1 tenant; it controls the pages of its folder. */
export const VENDOR_WORKER_PATH = '/vendor-worker.js';
/** The state that the side panel shows; a DELETE resets the steps. */
export const FEED_PATH = '/simulation/steps';
/** Shows, sets and heals the tenant's fault. */
export const FAULT_PATH = '/simulation/fault';
/** Expires recovery links. */
export const LINKS_PATH = '/simulation/links';
/** Rotates the tenant's API token. */
export const API_TOKEN_PATH = '/simulation/api-token';

/** Rotates the client secret of the v1 tenant's application. */
export const CLIENT_SECRET_PATH = '/simulation/client-secret';
/** Revokes all access tokens of the v1 tenant. */
export const TOKENS_PATH = '/simulation/tokens';
/** Shows the credential binding jobs of the v1 tenant. */
export const JOBS_PATH = '/simulation/jobs';

/** Prefix of the tenant's endpoints that browsers call. */
export const WEBAUTHN_PATH_PREFIX = '/simulated/';
/** Checks a recovery link without using it up, and returns the options for `navigator.credentials.create`. */
export const REGISTRATION_OPTIONS_PATH = '/simulated/registration/options';
/** Uses up the recovery link and stores the public key, if the new credential belongs to this link. */
export const REGISTRATION_VERIFY_PATH = '/simulated/registration/verify';
/** Returns the options for `navigator.credentials.get`; the user picks one of the device's credentials. */
export const AUTHENTICATION_OPTIONS_PATH = '/simulated/authentication/options';
/** Returns the user whose credential signed. */
export const AUTHENTICATION_VERIFY_PATH = '/simulated/authentication/verify';

/** Replaces the server of the app on v1: redeems an authorization code, and returns who signed in. */
export const SIGN_IN_PATH = '/simulated/sign-in';
