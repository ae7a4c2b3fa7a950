/**
 * Takes the place of `electrodb`, and is it. ElectroDB requires the document client, and what is required esbuild can neither shake nor
 * hoist: all of DynamoDB's commands would be in the bundle, each module of the SDK in a function of its own that is parsed twice.
 * So they are imported here, and handed to ElectroDB as the module that it requires.
 */
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import commands from "./commands.cjs";

export { CustomAttributeType, Entity, Service } from "electrodb";

Object.assign(commands, {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
});
