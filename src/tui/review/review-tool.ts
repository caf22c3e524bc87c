/** A program of the person's own that gets the terminal from a review: their editor at a line, or git's own tool for changes. */
export type ReviewTool =
  | { readonly kind: 'editor'; readonly folder: string; readonly file: string; readonly line: number }
  | { readonly kind: 'difftool'; readonly from: string; readonly to: string; readonly file: string };
