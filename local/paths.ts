// Imports nothing: the servers and the browsers' scripts share it.

/** The app's page on which a person asks for a recovery link. */
export const RECOVERY_PAGE_PATH = '/';
/** The page that a recovery link opens: the tenant's registration redirect URI. */
export const REGISTRATION_PAGE_PATH = '/register';
/** The app's authentication route, where a recovery ends. */
export const SIGN_IN_PAGE_PATH = '/sign-in';
/** The mails that the tenant sent, as a page. */
export const MAILBOX_PATH = '/mailbox';
/** The same as JSON. */
export const MAILBOX_JSON_PATH = '/mailbox.json';

/** The query parameter of a recovery link that tells it from all others. */
export const LINK_PARAMETER = 'token';

/** What lies below this path is for whoever controls the simulation. */
export const CONTROL_PATH_PREFIX = '/simulation/';
/** The side panel's script, for every page that is to have it. */
export const PANEL_SCRIPT_PATH = '/simulation/panel.js';
/** Tells the app's pages where the tenant is. */
export const WHEREABOUTS_PATH = '/simulation/whereabouts.json';
/** What the side panel shows; a DELETE lets the steps start over. */
export const FEED_PATH = '/simulation/steps';
/** Where a tenant's fault is shown, set and healed. */
export const FAULT_PATH = '/simulation/fault';
/** Where recovery links are let expire. */
export const LINKS_PATH = '/simulation/links';
/** Where the tenant's API token is rotated. */
export const API_TOKEN_PATH = '/simulation/api-token';

/** What lies below this path of the tenant is for the browsers of the app's users. */
export const WEBAUTHN_PATH_PREFIX = '/simulated/';
/** Consults a recovery link, which stays as it is, and answers with what `navigator.credentials.create` takes. */
export const REGISTRATION_OPTIONS_PATH = '/simulated/registration/options';
/** Takes the recovery link and keeps the public key, if the new credential is one for this link. */
export const REGISTRATION_VERIFY_PATH = '/simulated/registration/verify';
/** Answers with what `navigator.credentials.get` takes; the person picks one of the credentials on the device. */
export const AUTHENTICATION_OPTIONS_PATH = '/simulated/authentication/options';
/** Says whose credential it is that signed. */
export const AUTHENTICATION_VERIFY_PATH = '/simulated/authentication/verify';
