/** What can be said of a command before it is run. */
export type Hint =
  | {
      readonly kind: 'ok';
      readonly says: string;
      /** It asks first, because this would be lost. */
      readonly asks?: string;
    }
  | { readonly kind: 'incomplete'; readonly expects: readonly string[] }
  | {
      readonly kind: 'error';
      readonly message: string;
      /** A command that may have been meant. */
      readonly suggestion?: string;
      /** What can be done about it. */
      readonly help?: string;
      /** It is a command, and only as things are now it cannot be carried out. */
      readonly understood?: boolean;
    };
