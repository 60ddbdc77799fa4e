// One file for Jest, which loads the CDK anew for every file: that takes longer than all of these cases.
import './alarms.cases.ts';
import './configuration-bounds.cases.ts';
import './lambda-concurrency.cases.ts';
import './nag.cases.ts';
import './outbox.cases.ts';
import './recovery-page.cases.ts';
import './recovery-stack.cases.ts';
import './config-files.cases.ts';
import './config.cases.ts';
import './stages.cases.ts';
import './web-acl.cases.ts';
