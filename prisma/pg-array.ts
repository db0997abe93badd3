/**
 * Formats a PostgreSQL array literal of values that need no escaping: ids, enum values, numbers, booleans. The driver checks each value
 * for escaping, which took a third of the time of a query with the thousands of values that a node sends every second.
 */
export const toArrayLiteral = (values: readonly (string | number | boolean)[]): string => `{${values.join()}}`;
