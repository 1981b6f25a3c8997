/** File name -> text. */
export function build(): Map<string, string>;
