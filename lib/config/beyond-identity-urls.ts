/** The API servers of the v0 platform by region. */
export const V0_API_URLS = { us: 'https://api.byndid.com', eu: 'https://api-eu.byndid.com' };

/** The servers of the v1 platform by region: its API, and the authorization server that issues its tokens. */
export const V1_URLS = {
  us: { apiUrl: 'https://api-us.beyondidentity.com', authUrl: 'https://auth-us.beyondidentity.com' },
  eu: { apiUrl: 'https://api-eu.beyondidentity.com', authUrl: 'https://auth-eu.beyondidentity.com' },
  'us-gov': {
    apiUrl: 'https://api.us1.beyondidentity-gov.com',
    authUrl: 'https://auth.us1.beyondidentity-gov.com',
  },
};
