-- The job is Progressing until its status, about the specification as it is now, says that it is over or suspended.
-- Without Lua's string library, which Argo CD does not load for customizations.
local status = obj.status or {}
local hs = {status = "Progressing"}

-- What is known, joined.
local function sentence(...)
  local text = ""
  for _, part in ipairs({...}) do
    if part ~= "" then
      text = text == "" and part or text .. ", " .. part
    end
  end
  return text
end

local function place()
  if status.placement == nil then
    return ""
  end
  return " on " .. status.placement .. " (" .. (status.backend or "?") .. ")"
end

local function progress()
  local training = status.training or {}
  local epoch, percentage = "", ""
  if training.epoch ~= nil and training.epochs ~= nil then
    epoch = "epoch " .. training.epoch .. " of " .. training.epochs
  end
  if training.progressPercentage ~= nil then
    percentage = training.progressPercentage .. "%"
  end
  return sentence(epoch, percentage)
end

local function accuracy()
  local test = (status.training or {}).test or {}
  return test.accuracy ~= nil and "test accuracy " .. test.accuracy or ""
end

-- Of the condition's transition, whether it is true or not: Running also tells why the trainer does not run.
local function reason(type)
  for _, condition in ipairs(status.conditions or {}) do
    if condition.type == type then
      return condition.reason or "", condition.message or "", condition.status
    end
  end
  return "", ""
end

-- Succeeded does not wait for the Model Registry, whose refusal is still to be seen.
local function unregistered()
  local _, message, status = reason("ModelRegistered")
  return status == "False" and "not registered: " .. message or ""
end

local function say(head, ...)
  local tail = sentence(...)
  hs.message = tail == "" and head or head .. ": " .. tail
end

if status.phase == nil then
  local owner = (obj.spec.runPolicy or {}).managedBy
  if owner ~= nil and owner ~= "training.fashion-mnist.io/operator" then
    say("waits for " .. owner .. " (runPolicy.managedBy)")
  else
    say("waits for the operator")
  end
  return hs
end

-- A job that has run and is over stays so, whatever is edited.
local over = status.phase == "Succeeded" or status.phase == "Failed"
local settled = over and (status.attemptCount or 0) > 0
if not settled and status.observedGeneration ~= obj.metadata.generation then
  say("the operator has not seen the last change yet")
  return hs
end

local why, message = reason("Running")
if status.phase == "Succeeded" then
  hs.status = "Healthy"
  say("Succeeded" .. place(), accuracy(), unregistered())
elseif status.phase == "Failed" then
  hs.status = "Degraded"
  why, message = reason("Failed")
  say(why == "" and "Failed" or why, message)
elseif status.phase == "Suspended" then
  hs.status = "Suspended"
  say("Suspended", progress())
elseif status.phase == "Running" then
  say("Running" .. place(), progress())
elseif status.phase == "Pending" then
  say("Pending", message, status.nextRetryTime ~= nil and "next attempt at " .. status.nextRetryTime or "")
else
  say(status.phase .. place(), message)
end
return hs
