#!/usr/bin/env node
import { launch } from "@tether/program/launch";

await launch("tether-robot", new URL("../src/main.ts", import.meta.url));
