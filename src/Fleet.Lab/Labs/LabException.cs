namespace Fleet.Lab.Labs;

/// <summary>Something that a person has to know and can act upon; the message is for them, and there is nothing else to say.</summary>
internal sealed class LabException(string message) : Exception(message);
