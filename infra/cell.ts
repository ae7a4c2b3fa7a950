import { cellKeys } from "./secret.ts";
import { setting } from "./setting.ts";

/** The cells of a deployment as its Lambdas know them: all is empty where there is one alone. `home` is the home cell's API, in another cell. */
export const cells = new sst.Linkable("Cells", {
  properties: { origins: setting.cells, home: setting.home ?? "", keys: cellKeys ? cellKeys.value : "" },
});
