import { app } from '@azure/functions';
import { note } from './journal.ts';
import './http.ts';
import './activities.ts';
import './orchestrators.ts';
import './entities.ts';
import './triggers.ts';

/** Entry of the sample app; SAMPLE_STREAM=true turns HTTP streaming on, as an app does in its code. */

app.setup({ enableHttpStream: process.env['SAMPLE_STREAM'] === 'true' });

app.hook.appStart(() => note('appStart'));
app.hook.appTerminate(() => note('appTerminate'));
app.hook.preInvocation(context => {
  context.hookData['begunAt'] = Date.now();
});
app.hook.postInvocation(context => {
  if (typeof context.hookData['begunAt'] !== 'number') note('hook data lost');
});
