export { hasPiledMarks, normalizeBounded, PILED_MARKS_MESSAGE, truncateUnits } from "../contract/text/marks.ts";
