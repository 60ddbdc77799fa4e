// Runs the tests that load the CDK in one module registry. Jest loads the CDK anew for every file, which takes longer than
// the tests, and stacks of equal configurations could not be shared. A run that includes this file leaves out the files that
// it imports (test/jest-filter.cjs); each of them also runs by itself.
import './alarm-expressions.test.ts';
import './alarm-notifications.test.ts';
import './alarms.test.ts';
import './audit-log.test.ts';
import './config-files.test.ts';
import './config-properties.test.ts';
import './config.test.ts';
import './configuration-bounds.test.ts';
import './dashboard.test.ts';
import './deliver-outbox-function.test.ts';
import './event-bus.test.ts';
import './event-examples.test.ts';
import './gateway-responses.test.ts';
import './invalid-config.test.ts';
import './invalid-tenant-config.test.ts';
import './lambda-concurrency.test.ts';
import './nag.test.ts';
import './outbox.test.ts';
import './rate-limit-table.test.ts';
import './recover-user-function.test.ts';
import './recovery-endpoint.test.ts';
import './recovery-page-files.test.ts';
import './recovery-page-origin.test.ts';
import './recovery-page.test.ts';
import './recovery-stack.test.ts';
import './release-alarms.test.ts';
import './release-hooks.test.ts';
import './release.test.ts';
import './secrets.test.ts';
import './stages.test.ts';
import './tenant.test.ts';
import './web-acl.test.ts';
import '../unit/docs/operations.test.ts';
