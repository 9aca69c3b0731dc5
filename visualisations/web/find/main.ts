// Finding: suggestions below the fields for words, and heads that sort the table of results.

import { suggest } from "../shared/suggest";
import { sortTables } from "../shared/tables";

document.querySelectorAll<HTMLInputElement>(".words input[type=search]").forEach((input) => suggest(input));
sortTables();
