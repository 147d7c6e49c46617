// @ts-check
/**
 * What commander finds in the binary where it asks for modules of Node.js. It lays out the help there and nothing else
 * (src/cli/help.ts): it neither parses arguments nor starts programs, prints, or ends the process.
 */

/** Listeners are for parsed options, which there are none of. */
export class EventEmitter {
  on() {
    return this;
  }
}

/** No terminal: commander makes its paragraphs as wide as where there is none. */
export const stdout = {};
export const env = {};
