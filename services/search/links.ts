const LINK = /(?:^|[^\p{L}\p{N}])(?:https?:\/\/|www\.)[^\s<>]/iu;

/** Whether a text holds an address of the web. */
export const hasLink = (text: string): boolean => LINK.test(text);
