import { boolean, object, openOneOf, type Decoder } from './decode';
import { errorCodes, type ErrorShape } from './errors';
import { sentence } from './texts';

export const errorShape: Decoder<ErrorShape> = object({
  code: openOneOf('INTERNAL', ...errorCodes),
  message: sentence,
  retryable: boolean,
});
