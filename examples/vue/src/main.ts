import { createApp } from 'vue';
import CompletionPage from './CompletionPage.vue';
import RecoveryPage from './RecoveryPage.vue';

createApp(location.pathname === '/bind' ? CompletionPage : RecoveryPage).mount('main');
