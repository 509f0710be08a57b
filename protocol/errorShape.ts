import { boolean, object, oneOf, type Decoder } from './decode';
import { errorCodes, type ErrorShape } from './errors';
import { sentence } from './texts';

export const errorShape: Decoder<ErrorShape> = object({
  code: oneOf(...errorCodes),
  message: sentence,
  retryable: boolean,
});
