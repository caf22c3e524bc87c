/** The words about changed files in a checkout that a delivery leaves alone: a look tells these as well as the try does. */
export const WOULD_BE_OVERWRITTEN = 'would be overwritten';
