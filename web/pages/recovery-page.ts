import './page-setup.ts';
import '../recover-user-form/index.ts';
