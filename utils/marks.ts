export { cutUnits, hasPiledMarks, normalizeBounded, PILED_MARKS_MESSAGE } from "./contract/marks.ts";
