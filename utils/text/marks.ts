export { cutUnits, hasPiledMarks, normalizeBounded, PILED_MARKS_MESSAGE } from "../contract/text/marks.ts";
