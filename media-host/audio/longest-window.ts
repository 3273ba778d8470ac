/** While a caller's sound goes on its windows are told at most so many ms apart: further apart there was silence between. */
export const longestWindowMs = 40;
