/** Likeness below which the face-recognition network takes two faces for different people. */
export const samePerson = 0.35;
