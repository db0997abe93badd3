/** What the page makes a link of. */
const LINK = /https?:\/\/\S|\bwww\.[^\s.]|\bmailto:\S/iu;

/** What every one of them holds; looking for it alone costs a tenth. */
const SIGN_OF_LINK = /:|w\./i;

/** Returns whether a text contains a link. Guests may not send such a text. */
export const hasLink = (text: string): boolean => SIGN_OF_LINK.test(text) && LINK.test(text);
